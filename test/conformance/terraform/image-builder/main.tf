# Scenario 26, as far as every release has it: components and pipelines, minimal and full. Executions, which
# came with 1.237, have a scenario of their own.
variable "base_image" {
  type = string
}

variable "account_id" {
  type = string
}

resource "alicloud_ecs_image_component" "minimal" {
  content = "RUN yum update -y"
}

resource "alicloud_ecs_image_component" "full" {
  component_type       = "Build"
  content              = "RUN yum install -y nginx"
  description          = "made by Terraform"
  image_component_name = "terraform-component"
  system_type          = "Linux"
  tags = {
    Created = "TF"
    For     = "acceptance"
  }
}

resource "alicloud_ecs_image_pipeline" "minimal" {
  base_image      = var.base_image
  base_image_type = "IMAGE"
}

resource "alicloud_ecs_image_pipeline" "full" {
  add_account                = [var.account_id]
  base_image                 = var.base_image
  base_image_type            = "IMAGE"
  build_content              = "COMPONENT ${alicloud_ecs_image_component.full.id}"
  delete_instance_on_failure = false
  description                = "made by Terraform"
  image_name                 = "terraform-built"
  instance_type              = "ecs.g6.large"
  internet_max_bandwidth_out = 20
  name                       = "terraform-pipeline"
  system_disk_size           = 40
  to_region_id               = ["cn-qingdao", "cn-zhangjiakou"]
  tags = {
    Created = "TF"
    For     = "acceptance"
  }
}

data "alicloud_ecs_image_components" "found" {
  ids = [alicloud_ecs_image_component.full.id]
}

data "alicloud_ecs_image_pipelines" "found" {
  ids = [alicloud_ecs_image_pipeline.full.id]
}
