// Packer itself, as a dependency, so that it is built from pinned modules (setup-packer.sh). 1.9.4 is of
// the last series under the Mozilla Public License 2.0.
module kindred/packer-core

go 1.19

require github.com/hashicorp/packer v1.9.4
