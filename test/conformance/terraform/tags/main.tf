# Scenario 14: tags are added, changed and removed.
variable "snapshot_id" {
  type = string
}

variable "tags" {
  type    = map(string)
  default = null
}

resource "alicloud_image" "made" {
  snapshot_id = var.snapshot_id
  image_name  = "terraform-tagged"
  tags        = var.tags
}
