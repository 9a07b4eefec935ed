#!/bin/sh
# Installs Vitest for runners-long.test.ts outside the checkout, since it is larger than all other development
# dependencies together: ${KINDRED_TEST_CONFORMANCE_CACHE:-~/.cache/kindred-conformance}/vitest. Needs npm and
# its registry; nothing of what it installs runs a script.
set -eu
folder="${KINDRED_TEST_CONFORMANCE_CACHE:-$HOME/.cache/kindred-conformance}/vitest"
vitest=5.1.1
vite=8.3.8
if [ "$(cat "$folder/installed" 2>/dev/null || true)" != "$vitest $vite" ]; then
  rm -rf "$folder"
  mkdir -p "$folder"
  cd "$folder"
  echo '{ "private": true }' >package.json
  npm install --silent --ignore-scripts --no-audit --no-fund --save-exact "vitest@$vitest" "vite@$vite"
  echo "$vitest $vite" >installed
fi
echo "Vitest is in $folder"
