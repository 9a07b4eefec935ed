// What the suites of the double share: the official SDK on a world, and a real disk made an image there.
import assert from 'node:assert/strict';
import ecs from '@alicloud/ecs20140526';
import core from '@alicloud/openapi-core';
import { makeQcow2 } from './disk-images.ts';
import type { TestWorld } from './start-kindred.ts';

export const REGION = 'cn-hangzhou';

export const sdkOf = (
  { accessKey, host }: Pick<TestWorld, 'accessKey' | 'host'>,
  session: { accessKeyId?: string; accessKeySecret?: string; securityToken?: string } = {},
) =>
  new ecs.default(
    new core.$OpenApiUtil.Config({
      ...accessKey,
      ...session,
      regionId: REGION,
      endpoint: host,
      protocol: 'http',
    }),
  );

/** A real disk by way of an upload, and an image of it in a family. */
export const publish = async (world: TestWorld, name: string, family: string): Promise<string> => {
  const client = world.client();
  await client.createBucket({ Bucket: 'images' }).catch(() => undefined);
  const disk = makeQcow2({
    virtualSizeBytes: 2 ** 30,
    guestData: { seed: name.length, sizeBytes: 65_536 },
  });
  const object = { Bucket: 'images', Object: `${name}.qcow2`, SizeBytes: disk.length };
  const { Url } = await client.createUpload(object);
  const put = await fetch(`${world.endpoint}${Url}`, { method: 'PUT', body: Buffer.from(disk) });
  assert.ok(put.ok, await put.text());
  const { ImageId } = await client.importImage({
    RegionId: REGION,
    ImageName: name,
    DiskDeviceMapping: [{ OSSBucket: 'images', OSSObject: `${name}.qcow2` }],
  });
  await world.idle();
  await client.modifyImageAttribute({ RegionId: REGION, ImageId, ImageFamily: family });
  return ImageId;
};

/** The image that the official SDK is told to boot. */
export const resolve = async (
  sdk: ReturnType<typeof sdkOf>,
  family: string,
): Promise<string | undefined> => {
  const { body } = await sdk.describeImageFromFamily(
    new ecs.DescribeImageFromFamilyRequest({ regionId: REGION, imageFamily: family }),
  );
  return body?.image?.imageId;
};
