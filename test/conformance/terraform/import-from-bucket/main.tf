# Scenario 17: an import that names a bucket and an object, and nothing else of the disk.
variable "image_name" {
  type = string
}

variable "description" {
  type    = string
  default = null
}

resource "alicloud_image_import" "web" {
  image_name  = var.image_name
  description = var.description
  disk_device_mapping {
    oss_bucket = "terraform-disks"
    oss_object = "web.qcow2"
  }
}
