set -eu
newest() {
  aliyun ecs DescribeImageFromFamily --RegionId cn-hangzhou --ImageFamily web >answer.json
  sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" answer.json
}

newest ImageName
aliyun ecs ModifyImageAttribute --RegionId cn-hangzhou --ImageId "$(newest ImageId)" \
  --Status Deprecated >/dev/null
newest ImageName
