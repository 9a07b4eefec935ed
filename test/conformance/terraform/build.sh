#!/usr/bin/env sh
# Builds Terraform's alicloud provider, unmodified, as provider/go.mod and provider/go.sum pin it, and,
# where no terraform is on the path, Terraform 1.5.7 (the last one under the MPL). Both are kept where the
# suite looks: in KINDRED_TEST_CONFORMANCE_CACHE or ~/.cache/kindred-conformance. What is there already is
# not built again, nor is a provider when KINDRED_TEST_TERRAFORM_PROVIDER names one. Needs Go, some minutes
# and 4 GiB of memory once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${KINDRED_TEST_CONFORMANCE_CACHE:-$HOME/.cache/kindred-conformance}/terraform
provider=$(sed -n 's|.*github.com/aliyun/terraform-provider-alicloud \(v[0-9.]*\).*|\1|p' "$here/provider/go.mod")
core=v1.5.7
mkdir -p "$folder"

built=$folder/terraform-provider-alicloud_$provider
if [ -z "${KINDRED_TEST_TERRAFORM_PROVIDER:-}" ] && [ ! -x "$built" ]; then
  echo "building $built"
  cd "$here/provider"
  nice -n 10 go build -mod=readonly -buildvcs=false -trimpath -ldflags='-s -w' -o "$built.part" .
  mv "$built.part" "$built"
fi

if [ -z "${KINDRED_TEST_TERRAFORM:-}" ] && ! command -v terraform >/dev/null && [ ! -x "$folder/terraform" ]; then
  echo "building $folder/terraform"
  GOBIN=$folder nice -n 10 go install -trimpath -ldflags='-s -w' "github.com/hashicorp/terraform@$core"
fi
