#!/bin/sh
# Builds Packer 1.9.4 and its plugin for Alibaba Cloud 1.1.2 (both MPL-2.0), which know image families,
# for packer-family-long.test.ts, outside the checkout:
# ${KINDRED_TEST_CONFORMANCE_CACHE:-~/.cache/kindred-conformance}/packer-<hash of their modules>.
# Needs Go 1.19 or newer (on the path, or in /usr/local/go) and the Go module proxy; five minutes on two
# cores. packer/*/go.sum pins all.
set -eu
cd "$(dirname "$0")/packer"
cache="${KINDRED_TEST_CONFORMANCE_CACHE:-$HOME/.cache/kindred-conformance}"
folder="$cache/packer-$(cat core/go.mod core/go.sum plugin/go.mod plugin/go.sum | sha256sum | cut -c1-12)"
if [ ! -x "$folder/packer" ]; then
  PATH="$PATH:/usr/local/go/bin"
  # Modules from the proxy alone: nothing is built from a clone of somebody's repository.
  GOPROXY="$(go env GOPROXY | sed 's/[,|]direct//')"
  export GOPROXY
  rm -rf "$cache"/packer-*
  mkdir -p "$folder"
  # Packer takes plugins from PACKER_PLUGIN_PATH by this name.
  (cd plugin && nice -n 10 go build -p 1 -trimpath -o "$folder/packer-plugin-alicloud" \
    github.com/hashicorp/packer-plugin-alicloud)
  # Last, for it says that all is there.
  (cd core && nice -n 10 go build -p 1 -trimpath -o "$folder/packer" github.com/hashicorp/packer)
fi
echo "Packer and its plugin are in $folder"
