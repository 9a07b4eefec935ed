# A build server's user and key, which may resolve one family and assume one role.
variable "family" {
  type = string
}

variable "display_name" {
  type = string
}

variable "comments" {
  type    = string
  default = null
}

variable "description" {
  type    = string
  default = null
}

variable "key_status" {
  type = string
}

data "alicloud_caller_identity" "own" {}

resource "alicloud_ram_user" "build" {
  name         = "tf-build"
  display_name = var.display_name
  mobile       = "86-18600008888"
  email        = "build@example.com"
  comments     = var.comments
  force        = true
}

resource "alicloud_ram_access_key" "build" {
  user_name = alicloud_ram_user.build.name
}

resource "alicloud_ram_access_key" "spare" {
  user_name = alicloud_ram_user.build.name
  status    = var.key_status
}

resource "alicloud_ram_policy" "family" {
  policy_name = "tf-one-family"
  description = "Resolves one family"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ecs:DescribeImageFromFamily"]
      Resource = ["acs:ecs:*:*:imagefamily/${var.family}"]
    }]
  })
  force = true
}

resource "alicloud_ram_policy" "assume" {
  policy_name = "tf-assume"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = alicloud_ram_role.reader.arn
    }]
  })
  force = true
}

resource "alicloud_ram_role" "reader" {
  name                 = "tf-reader"
  description          = var.description
  max_session_duration = 7200
  document = jsonencode({
    Version = "1"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        RAM = ["acs:ram::${data.alicloud_caller_identity.own.account_id}:user/${alicloud_ram_user.build.name}"]
      }
    }]
  })
  force = true
}

resource "alicloud_ram_user_policy_attachment" "family" {
  user_name   = alicloud_ram_user.build.name
  policy_name = alicloud_ram_policy.family.policy_name
  policy_type = alicloud_ram_policy.family.type
}

resource "alicloud_ram_user_policy_attachment" "assume" {
  user_name   = alicloud_ram_user.build.name
  policy_name = alicloud_ram_policy.assume.policy_name
  policy_type = alicloud_ram_policy.assume.type
}

resource "alicloud_ram_role_policy_attachment" "family" {
  role_name   = alicloud_ram_role.reader.name
  policy_name = alicloud_ram_policy.family.policy_name
  policy_type = alicloud_ram_policy.family.type
}
