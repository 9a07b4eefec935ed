// Packer's plugin for Alibaba Cloud (Mozilla Public License 2.0), as a dependency, because Go builds no
// command by its version whose go.mod has a replace. This one is the plugin's own.
module kindred/packer-plugin

go 1.19

require github.com/hashicorp/packer-plugin-alicloud v1.1.2

replace github.com/zclconf/go-cty => github.com/nywilken/go-cty v1.13.3
