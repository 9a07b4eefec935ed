#!/bin/sh
# Installs SUSE's aliyun-img-utils for img-utils-long.test.ts into a virtual environment outside the
# checkout: ${KINDRED_TEST_CONFORMANCE_CACHE:-~/.cache/kindred-conformance}/img-utils. Needs python3
# and PyPI.
set -eu
folder="${KINDRED_TEST_CONFORMANCE_CACHE:-$HOME/.cache/kindred-conformance}/img-utils"
version=2.6.0
if ! "$folder/bin/aliyun-img-utils" --version 2>/dev/null | grep -q "$version"; then
  mkdir -p "$folder"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check \
    "aliyun-img-utils==$version" \
    aliyun-python-sdk-core==2.16.1 \
    aliyun-python-sdk-ecs==4.24.83 \
    click==8.5.1 \
    oss2==2.19.1
  "$folder/bin/aliyun-img-utils" --version
fi
echo "aliyun-img-utils is in $folder"
