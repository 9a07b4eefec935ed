# Scenario 20: an image is shared with a second account.
variable "image_id" {
  type = string
}

variable "account_id" {
  type = string
}

resource "alicloud_image_share_permission" "second" {
  image_id   = var.image_id
  account_id = var.account_id
}
