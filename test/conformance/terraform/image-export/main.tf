# Scenario 19: an image is exported into a bucket; the destroy deletes the object through OSS's API.
variable "image_id" {
  type = string
}

variable "bucket" {
  type = string
}

resource "alicloud_image_export" "out" {
  image_id   = var.image_id
  oss_bucket = var.bucket
  oss_prefix = "ecsExport"
}
