import os

from alibabacloud_ecs20140526 import models
from alibabacloud_ecs20140526.client import Client
from alibabacloud_tea_openapi.models import Config

REGION = "cn-hangzhou"

client = Client(
    Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        region_id=REGION,
    )
)


def newest():
    ask = models.DescribeImageFromFamilyRequest(region_id=REGION, image_family="web")
    return client.describe_image_from_family(ask).body.image


image = newest()
print(image.image_name)

client.modify_image_attribute(
    models.ModifyImageAttributeRequest(
        region_id=REGION, image_id=image.image_id, status="Deprecated"
    )
)
print(newest().image_name)
