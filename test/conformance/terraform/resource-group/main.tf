# Scenario 12: an image moves from one resource group to another.
variable "snapshot_id" {
  type = string
}

variable "groups" {
  type = list(string)
}

variable "moved" {
  type = bool
}

resource "alicloud_image" "made" {
  snapshot_id       = var.snapshot_id
  image_name        = "terraform-moved"
  resource_group_id = var.groups[var.moved ? 1 : 0]
}
