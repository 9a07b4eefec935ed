# Scenario 21: what the data source finds among the public images, and what it must not find.
data "alicloud_images" "windows" {
  owners     = "system"
  name_regex = "^win.*"
}

data "alicloud_images" "fake" {
  owners     = "system"
  name_regex = "^win.*-no-such-image$"
}

data "alicloud_images" "available" {
  owners = "system"
  status = "Available"
}

data "alicloud_images" "unavailable" {
  owners = "system"
  status = "UnAvailable"
}

data "alicloud_images" "newest_ubuntu" {
  owners      = "system"
  name_regex  = "^ubuntu_.*"
  most_recent = true
}
