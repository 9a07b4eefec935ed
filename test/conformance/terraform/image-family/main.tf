# Scenario 11: the family of an image is set, changed and set back; the newest of the family is found.
variable "snapshot_id" {
  type = string
}

variable "image_family" {
  type = string
}

resource "alicloud_image" "made" {
  snapshot_id  = var.snapshot_id
  image_name   = "terraform-family"
  image_family = var.image_family
}

data "alicloud_images" "newest" {
  owners       = "self"
  image_family = alicloud_image.made.image_family
  most_recent  = true
}
