"""A family of images over ninety days, with the official SDK and pytest."""

import os
from datetime import datetime, timedelta

import pytest
from alibabacloud_ecs20140526.models import (
    DescribeImageFromFamilyRequest,
    ModifyImageAttributeRequest,
)

REGION = "cn-hangzhou"
COUNT = int(os.environ.get("KINDRED_EXAMPLE_COUNT", "1"))


def newest(sdk):
    request = DescribeImageFromFamilyRequest(region_id=REGION, image_family="web")
    return sdk.describe_image_from_family(request).body.image


def created(image):
    return datetime.strptime(image.creation_time, "%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("number", range(COUNT))
def test_a_release_after_ninety_days(kindred, number):
    sdk = kindred.ecs_client(region_id=REGION)
    kindred.seed({"Images": [{"ImageName": "web-1", "ImageFamily": "web"}]})
    first = newest(sdk)
    assert first.image_name == "web-1"

    # Built and checked, but in no family yet.
    kindred.advance(timedelta(days=90))
    kindred.seed({"Images": [{"ImageId": "m-web2", "ImageName": "web-2"}]})
    assert newest(sdk).image_name == "web-1"

    # Published.
    publish = ModifyImageAttributeRequest(region_id=REGION, image_id="m-web2", image_family="web")
    sdk.modify_image_attribute(publish)
    second = newest(sdk)
    assert second.image_name == "web-2"
    assert round((created(second) - created(first)) / timedelta(days=1)) == 90

    # The cloud has a bad moment; our code must live through it.
    kindred.fault("DescribeImageFromFamily", "error", code="Throttling.User")
    with pytest.raises(Exception) as refused:
        newest(sdk)
    assert refused.value.code == "Throttling.User"
    assert newest(sdk).image_name == "web-2"

    codes = [call["Code"] for call in kindred.calls("DescribeImageFromFamily")]
    assert codes == ["OK", "OK", "OK", "Throttling.User", "OK"]
