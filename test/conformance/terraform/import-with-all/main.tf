# Scenario 18: an import that leaves nothing to defaults.
resource "alicloud_image_import" "web" {
  image_name   = "terraform-import-all"
  description  = "Everything is said"
  architecture = "i386"
  os_type      = "linux"
  platform     = "Aliyun"
  license_type = "Auto"
  disk_device_mapping {
    format          = "qcow2"
    oss_bucket      = "terraform-disks"
    oss_object      = "all.qcow2"
    device          = "/dev/xvda"
    disk_image_size = 6
  }
}
