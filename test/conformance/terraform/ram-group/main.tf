# Two users, of whom those in a group may resolve one family.
variable "family" {
  type = string
}

variable "members" {
  type = list(string)
}

variable "comments" {
  type = string
}

locals {
  users = toset(["tf-ann", "tf-ben"])
}

resource "alicloud_ram_user" "one" {
  for_each = local.users
  name     = each.key
}

resource "alicloud_ram_access_key" "one" {
  for_each  = local.users
  user_name = alicloud_ram_user.one[each.key].name
}

resource "alicloud_ram_group" "readers" {
  name     = "tf-readers"
  comments = var.comments
  force    = true
}

resource "alicloud_ram_group_membership" "readers" {
  group_name = alicloud_ram_group.readers.name
  user_names = [for name in var.members : alicloud_ram_user.one[name].name]
}

resource "alicloud_ram_policy" "family" {
  policy_name = "tf-group-family"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect   = "Allow"
      Action   = "ecs:DescribeImageFromFamily"
      Resource = "acs:ecs:*:*:imagefamily/${var.family}"
    }]
  })
}

resource "alicloud_ram_group_policy_attachment" "family" {
  group_name  = alicloud_ram_group.readers.name
  policy_name = alicloud_ram_policy.family.policy_name
  policy_type = alicloud_ram_policy.family.type
}
