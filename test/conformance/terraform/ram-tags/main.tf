# A role and a policy as newer releases of the provider write them, with tags.
variable "tags" {
  type    = map(string)
  default = null
}

variable "description" {
  type    = string
  default = null
}

variable "action" {
  type = string
}

data "alicloud_caller_identity" "own" {}

resource "alicloud_ram_role" "tagged" {
  role_name   = "tf-tagged"
  description = var.description
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = ["acs:ram::${data.alicloud_caller_identity.own.account_id}:root"] }
    }]
  })
  tags = var.tags
}

resource "alicloud_ram_policy" "tagged" {
  policy_name     = "tf-tagged"
  description     = var.description
  rotate_strategy = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
  policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = var.action, Resource = "*" }]
  })
  tags = var.tags
}

resource "alicloud_ram_role_policy_attachment" "tagged" {
  role_name   = alicloud_ram_role.tagged.role_name
  policy_name = alicloud_ram_policy.tagged.policy_name
  policy_type = "Custom"
}

resource "alicloud_ram_role_policy_attachment" "system" {
  role_name   = alicloud_ram_role.tagged.role_name
  policy_name = "AliyunECSReadOnlyAccess"
  policy_type = "System"
}
