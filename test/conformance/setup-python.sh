#!/bin/sh
# Installs the official Python clients for python.test.ts, and pytest for runners-long.test.ts, into a virtual environment outside the
# checkout: ${KINDRED_TEST_CONFORMANCE_CACHE:-~/.cache/kindred-conformance}/python. Needs python3 and PyPI.
set -eu
folder="${KINDRED_TEST_CONFORMANCE_CACHE:-$HOME/.cache/kindred-conformance}"
mkdir -p "$folder"
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check \
  alibabacloud_ecs20140526==7.11.8 \
  aliyun-python-sdk-core==2.16.1 \
  aliyun-python-sdk-ecs==4.24.83 \
  tuspy==1.1.0 \
  pytest==9.2.0 \
  pytest-xdist==3.8.0
"$folder/python/bin/python" -c 'import alibabacloud_ecs20140526.client, aliyunsdkecs, aliyunsdkcore, tusclient, xdist'
echo "the Python clients are in $folder/python"
