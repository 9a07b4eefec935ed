# The module that people write: a network, and an instance from the newest image of a family.
variable "image_family" {
  type = string
}

data "alicloud_zones" "all" {
  available_resource_creation = "VSwitch"
}

data "alicloud_images" "newest" {
  owners       = "self"
  image_family = var.image_family
  most_recent  = true
}

resource "alicloud_vpc" "net" {
  vpc_name   = "terraform-net"
  cidr_block = "172.16.0.0/12"
}

resource "alicloud_vswitch" "zone" {
  vswitch_name = "terraform-zone"
  vpc_id       = alicloud_vpc.net.id
  cidr_block   = "172.16.1.0/24"
  zone_id      = data.alicloud_zones.all.zones[0].id
}

resource "alicloud_security_group" "web" {
  name   = "terraform-web"
  vpc_id = alicloud_vpc.net.id
}

resource "alicloud_security_group_rule" "http" {
  security_group_id = alicloud_security_group.web.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "0.0.0.0/0"
}

resource "alicloud_instance" "web" {
  instance_name   = "terraform-web"
  image_id        = data.alicloud_images.newest.images[0].id
  instance_type   = "ecs.g7.large"
  vswitch_id      = alicloud_vswitch.zone.id
  security_groups = [alicloud_security_group.web.id]
}
