# Scenario 24: a snapshot of a disk, whose attributes change one by one.
variable "disk_id" {
  type = string
}

variable "snapshot_name" {
  type = string
}

variable "description" {
  type    = string
  default = null
}

variable "tags" {
  type = map(string)
}

resource "alicloud_ecs_snapshot" "disk" {
  disk_id        = var.disk_id
  category       = "standard"
  retention_days = 50
  snapshot_name  = var.snapshot_name
  description    = var.description
  tags           = var.tags
}
