# Scenario 6: an image from a snapshot that Terraform makes itself.
variable "disk_id" {
  type = string
}

resource "alicloud_ecs_snapshot" "disk" {
  disk_id        = var.disk_id
  category       = "standard"
  retention_days = 20
  snapshot_name  = "terraform-snapshot"
  tags = {
    Created = "TF"
    For     = "acceptance"
  }
}

resource "alicloud_image" "made" {
  snapshot_id = alicloud_ecs_snapshot.disk.id
  image_name  = "terraform-from-snapshot"
  description = "From a snapshot that Terraform made"
  tags = {
    Created = "TF"
    For     = "acceptance"
  }
}
