#!/usr/bin/env sh
# Builds Terraform's alicloud provider, unmodified, as provider/go.mod and provider/go.sum pin it, and
# keeps it where the suite looks: in KINDRED_TEST_CONFORMANCE_CACHE or ~/.cache/kindred-conformance.
# Does nothing when it is there. Needs Go; takes a quarter of an hour and 4 GiB of memory once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n 's|.*github.com/aliyun/terraform-provider-alicloud \(v[0-9.]*\).*|\1|p' "$here/provider/go.mod")
folder=${KINDRED_TEST_CONFORMANCE_CACHE:-$HOME/.cache/kindred-conformance}/terraform
built=$folder/terraform-provider-alicloud_$version

if [ -x "$built" ]; then
  echo "built before: $built"
  exit 0
fi
mkdir -p "$folder"
echo "building $built"
cd "$here/provider"
nice -n 10 go build -mod=readonly -buildvcs=false -trimpath -ldflags='-s -w' -o "$built.part" .
mv "$built.part" "$built"
