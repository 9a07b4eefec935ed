// A family of images over ninety days, with the official SDK and Vitest.
import Client, {
  DescribeImageFromFamilyRequest,
  ModifyImageAttributeRequest,
} from '@alicloud/ecs20140526';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import { startKindred } from 'kindred/testing';
import { afterAll, describe, test } from 'vitest';

const RegionId = 'cn-hangzhou';
const DAY_MS = 24 * 60 * 60_000;

const kindred = await startKindred();
afterAll(() => kindred.close());

const sdkOf = ({ host, accessKey }) =>
  new Client(
    new $OpenApiUtil.Config({
      ...accessKey,
      endpoint: host,
      protocol: 'http',
      regionId: RegionId,
    }),
  );

const newest = async (sdk) => {
  const request = { regionId: RegionId, imageFamily: 'web' };
  const { body } = await sdk.describeImageFromFamily(new DescribeImageFromFamilyRequest(request));
  return body.image;
};

describe.concurrent('a family', () => {
  for (let number = 0; number < Number(process.env.KINDRED_EXAMPLE_COUNT ?? 1); number++)
    test(`a release after ninety days, ${number}`, async ({ expect }) => {
      await using world = await kindred.world();
      const sdk = sdkOf(world);
      await world.seed({ Images: [{ ImageName: 'web-1', ImageFamily: 'web' }] });
      const first = await newest(sdk);
      expect(first.imageName).toBe('web-1');

      // Built and checked, but in no family yet.
      await world.advance(90 * DAY_MS);
      await world.seed({ Images: [{ ImageId: 'm-web2', ImageName: 'web-2' }] });
      expect((await newest(sdk)).imageName).toBe('web-1');

      // Published.
      const publish = { regionId: RegionId, imageId: 'm-web2', imageFamily: 'web' };
      await sdk.modifyImageAttribute(new ModifyImageAttributeRequest(publish));
      const second = await newest(sdk);
      expect(second.imageName).toBe('web-2');
      const days = (Date.parse(second.creationTime) - Date.parse(first.creationTime)) / DAY_MS;
      expect(Math.round(days)).toBe(90);

      // The cloud has a bad moment; our code must live through it.
      const Operation = 'DescribeImageFromFamily';
      world.faults.add({ Operation, Kind: 'error', Code: 'Throttling.User' });
      await expect(newest(sdk)).rejects.toMatchObject({ code: 'Throttling.User' });
      expect((await newest(sdk)).imageName).toBe('web-2');

      const calls = world.calls().filter(({ Action }) => Action === Operation);
      const codes = calls.map(({ Code }) => Code);
      expect(codes).toEqual(['OK', 'OK', 'OK', 'Throttling.User', 'OK']);
    });
});
