# Scenario 2: of an image from a snapshot only the description changes.
variable "snapshot_id" {
  type = string
}

variable "description" {
  type = string
}

resource "alicloud_image" "made" {
  snapshot_id = var.snapshot_id
  image_name  = "terraform-described"
  description = var.description
  tags = {
    Created = "TF"
    For     = "acceptance"
  }
}
