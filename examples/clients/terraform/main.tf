terraform {
  required_providers {
    alicloud = { source = "aliyun/alicloud" }
  }
}

provider "alicloud" {
  region = "cn-hangzhou"
}

# Builds are named web-1, web-2 …; deprecated ones are left out.
data "alicloud_images" "web" {
  owners      = "self"
  name_regex  = "^web-"
  status      = "Available"
  most_recent = true
}

resource "alicloud_image_copy" "far" {
  source_image_id  = data.alicloud_images.web.ids[0]
  source_region_id = "cn-hangzhou"
  image_name       = "web-copy"
}

output "newest" {
  value = data.alicloud_images.web.images[0].name
}

output "copied" {
  value = alicloud_image_copy.far.image_name
}
