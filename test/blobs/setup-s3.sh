#!/bin/sh
# Builds Versity's S3 gateway (Apache-2.0), a server over a plain folder, for the suites over S3:
# ${KINDRED_TEST_CONFORMANCE_CACHE:-~/.cache/kindred-conformance}/s3/versitygw-<version>.
# Needs Go 1.25 or newer (on the path, or in /usr/local/go) and the Go module proxy; about a minute.
set -eu
version=v1.8.0
folder="${KINDRED_TEST_CONFORMANCE_CACHE:-$HOME/.cache/kindred-conformance}/s3"
server="$folder/versitygw-$version"
if [ ! -x "$server" ]; then
  PATH="$PATH:/usr/local/go/bin"
  # Modules from the proxy alone: nothing is built from a clone of somebody's repository.
  GOPROXY="$(go env GOPROXY | sed 's/[,|]direct//')"
  export GOPROXY
  mkdir -p "$folder"
  GOBIN="$folder/build" nice -n 10 go install -buildvcs=false -trimpath -ldflags '-s -w' \
    "github.com/versity/versitygw/cmd/versitygw@$version"
  mv "$folder/build/versitygw" "$server"
  rmdir "$folder/build"
fi
echo "the S3 server is $server"
