#!/bin/sh
# Builds the drivers of the official Go clients, of ECS for go.test.ts and of OSS for go-oss-long.test.ts,
# outside the checkout: ${KINDRED_TEST_CONFORMANCE_CACHE:-~/.cache/kindred-conformance}/{go,go-oss}/
# driver-<hash of its sources>; and compiles what the example in examples/testing/go needs. Needs Go 1.23 or newer (on the path, or in /usr/local/go) and the Go module
# proxy; go.sum pins all.
set -eu
cd "$(dirname "$0")"
cache="${KINDRED_TEST_CONFORMANCE_CACHE:-$HOME/.cache/kindred-conformance}"
for name in go go-oss; do
  (
    cd "$name"
    folder="$cache/$name"
    driver="$folder/driver-$(cat go.mod go.sum ./*.go | sha256sum | cut -c1-12)"
    if [ ! -x "$driver" ]; then
      PATH="$PATH:/usr/local/go/bin"
      # Modules from the proxy alone: nothing is built from a clone of somebody's repository.
      GOPROXY="$(go env GOPROXY | sed 's/[,|]direct//')"
      export GOPROXY
      mkdir -p "$folder"
      rm -f "$folder"/driver-*
      # One package at a time: the SDKs are large.
      nice -n 10 go build -buildvcs=false -p 1 -trimpath -o "$driver" .
    fi
    echo "the driver of $name is $driver"
  )
done
# What `go test` of the example then finds done: the modules, and the SDK compiled.
(
  cd ../../examples/testing/go
  folder="$cache/go-example"
  done="$folder/$(cat go.mod go.sum | sha256sum | cut -c1-12)"
  if [ ! -e "$done" ]; then
    PATH="$PATH:/usr/local/go/bin"
    GOPROXY="$(go env GOPROXY | sed 's/[,|]direct//')"
    export GOPROXY
    nice -n 10 go test -trimpath -p 1 -run '^$' ./...
    rm -rf "$folder"
    mkdir -p "$folder"
    : >"$done"
  fi
)
