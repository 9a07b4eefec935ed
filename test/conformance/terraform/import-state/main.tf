# Scenario 15: what an import by the image's id knows equals what was applied.
variable "snapshot_id" {
  type = string
}

resource "alicloud_image" "made" {
  snapshot_id = var.snapshot_id
  image_name  = "terraform-imported"
  description = "Read back, word for word: ä 镜像"
  tags = {
    Created = "TF"
  }
}
