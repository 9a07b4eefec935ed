# Scenario 16: a copy from the default region into another, then changed and changed back.
variable "source_image_id" {
  type = string
}

variable "image_name" {
  type = string
}

variable "description" {
  type = string
}

variable "tags" {
  type = map(string)
}

resource "alicloud_image_copy" "copied" {
  provider         = alicloud.far
  source_image_id  = var.source_image_id
  source_region_id = "cn-hangzhou"
  image_name       = var.image_name
  description      = var.description
  tags             = var.tags

  # Else the copy's own snapshot stays, as it does in the cloud.
  delete_auto_snapshot = true
}
