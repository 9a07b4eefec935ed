source "qemu" "golden" {
  iso_url          = "base.qcow2" # the disk to start from: a cloud image, say
  iso_checksum     = "none"
  disk_image       = true
  use_backing_file = false
  format           = "qcow2"
  accelerator      = "tcg" # "kvm" where there is one
  headless         = true
  disable_vnc      = true # no keys are typed at boot
  skip_resize_disk = true
  communicator     = "none" # "ssh", for provisioners of your own
  output_directory = "golden"
  vm_name          = "golden.qcow2"
  shutdown_timeout = "5m"
}

build {
  sources = ["source.qemu.golden"]

  post-processor "shell-local" {
    inline = ["kindred push golden/golden.qcow2 --family web"]
  }
}
