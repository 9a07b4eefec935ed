# Scenario 26, its execution: started, then cancelled while it waits to begin (--pipeline-hold).
variable "base_image" {
  type = string
}

variable "status" {
  type    = string
  default = null
}

resource "alicloud_ecs_image_pipeline" "plain" {
  base_image      = var.base_image
  base_image_type = "IMAGE"
  image_name      = "terraform-executed"
}

resource "alicloud_ecs_image_pipeline_execution" "one" {
  image_pipeline_id = alicloud_ecs_image_pipeline.plain.id
  status            = var.status
}
