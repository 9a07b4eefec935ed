// What a program of somebody else's does: the official Node.js SDKs with a key and a region, and no endpoint.
// `node cloud-call.ts FAMILY` prints which image each of them finds, one JSON line a client.
import { createRequire } from 'node:module';
import type { Answer } from './clients.ts';

const [, , family = ''] = process.argv;
const require = createRequire(import.meta.url);
const accessKeyId = process.env.ALIBABA_CLOUD_ACCESS_KEY_ID;
const accessKeySecret = process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET;
const regionId = 'cn-hangzhou';

const show = (client: string, image: Answer): void =>
  console.log(JSON.stringify({ client, imageId: image.ImageId }));

for (const sdk of ['@alicloud/ecs20140526', 'alicloud-ecs-v3']) {
  const { default: Client, DescribeImageFromFamilyRequest } = require(sdk);
  const client = new Client({ accessKeyId, accessKeySecret, regionId });
  const request = new DescribeImageFromFamilyRequest({ regionId, imageFamily: family });
  const { body } = await client.describeImageFromFamily(request);
  show(sdk, body.toMap().Image);
}
const { RPCClient } = require('@alicloud/pop-core');
for (const endpoint of ['https://ecs.aliyuncs.com', 'http://ecs.cn-hangzhou.aliyuncs.com']) {
  const client = new RPCClient({
    accessKeyId,
    accessKeySecret,
    endpoint,
    apiVersion: '2014-05-26',
  });
  const asked = { RegionId: regionId, ImageFamily: family };
  show(
    `@alicloud/pop-core ${endpoint}`,
    (await client.request('DescribeImageFromFamily', asked)).Image,
  );
}
