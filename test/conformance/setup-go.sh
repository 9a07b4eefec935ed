#!/bin/sh
# Builds the driver of the official Go clients for go.test.ts, outside the checkout:
# ${KINDRED_TEST_CONFORMANCE_CACHE:-~/.cache/kindred-conformance}/go/driver-<hash of its sources>.
# Needs Go 1.23 or newer (on the path, or in /usr/local/go) and the Go module proxy; go.sum pins all.
set -eu
cd "$(dirname "$0")/go"
folder="${KINDRED_TEST_CONFORMANCE_CACHE:-$HOME/.cache/kindred-conformance}/go"
driver="$folder/driver-$(cat go.mod go.sum ./*.go | sha256sum | cut -c1-12)"
if [ ! -x "$driver" ]; then
  PATH="$PATH:/usr/local/go/bin"
  # Modules from the proxy alone: nothing is built from a clone of somebody's repository.
  GOPROXY="$(go env GOPROXY | sed 's/[,|]direct//')"
  export GOPROXY
  mkdir -p "$folder"
  rm -f "$folder"/driver-*
  # One package at a time: the two SDKs are large.
  nice -n 10 go build -buildvcs=false -p 1 -trimpath -o "$driver" .
fi
echo "the Go driver is $driver"
