import ecs from '@alicloud/ecs20140526';
import core from '@alicloud/openapi-core';

const regionId = 'cn-hangzhou';
const client = new ecs.default(
  new core.$OpenApiUtil.Config({
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    regionId,
  }),
);

const ask = new ecs.DescribeImageFromFamilyRequest({ regionId, imageFamily: 'web' });
const newest = (await client.describeImageFromFamily(ask)).body.image;
console.log(newest.imageName);

await client.modifyImageAttribute(
  new ecs.ModifyImageAttributeRequest({ regionId, imageId: newest.imageId, status: 'Deprecated' }),
);
console.log((await client.describeImageFromFamily(ask)).body.image.imageName);
