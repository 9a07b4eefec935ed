# Scenario 7: an image of a system disk and a data disk, each from its own snapshot.
variable "system_disk_id" {
  type = string
}

variable "data_disk_id" {
  type = string
}

resource "alicloud_ecs_snapshot" "system" {
  disk_id       = var.system_disk_id
  category      = "standard"
  snapshot_name = "terraform-system"
}

resource "alicloud_ecs_snapshot" "data" {
  disk_id       = var.data_disk_id
  category      = "standard"
  snapshot_name = "terraform-data"
}

resource "alicloud_image" "made" {
  image_name  = "terraform-two-disks"
  description = "A system disk and a data disk"
  disk_device_mapping {
    disk_type   = "system"
    device      = "/dev/xvda"
    size        = 20
    snapshot_id = alicloud_ecs_snapshot.system.id
  }
  disk_device_mapping {
    disk_type   = "data"
    device      = "/dev/xvdb"
    size        = 20
    snapshot_id = alicloud_ecs_snapshot.data.id
  }
}
