// A family of images over ninety days, with the official SDK and node:test.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import ecs, {
  DescribeImageFromFamilyRequest,
  ModifyImageAttributeRequest,
} from '@alicloud/ecs20140526';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import { startKindred } from 'kindred/testing';

const RegionId = 'cn-hangzhou';
const DAY_MS = 24 * 60 * 60_000;

const kindred = await startKindred();
after(() => kindred.close());

const sdkOf = ({ host, accessKey }) =>
  new ecs.default(
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

describe('a family', { concurrency: 4 }, () => {
  for (let number = 0; number < Number(process.env.KINDRED_EXAMPLE_COUNT ?? 1); number++)
    test(`a release after ninety days, ${number}`, async () => {
      await using world = await kindred.world();
      const sdk = sdkOf(world);
      await world.seed({ Images: [{ ImageName: 'web-1', ImageFamily: 'web' }] });
      const first = await newest(sdk);
      assert.equal(first.imageName, 'web-1');

      // Built and checked, but in no family yet.
      await world.advance(90 * DAY_MS);
      await world.seed({ Images: [{ ImageId: 'm-web2', ImageName: 'web-2' }] });
      assert.equal((await newest(sdk)).imageName, 'web-1');

      // Published.
      const publish = { regionId: RegionId, imageId: 'm-web2', imageFamily: 'web' };
      await sdk.modifyImageAttribute(new ModifyImageAttributeRequest(publish));
      const second = await newest(sdk);
      assert.equal(second.imageName, 'web-2');
      const days = (Date.parse(second.creationTime) - Date.parse(first.creationTime)) / DAY_MS;
      assert.equal(Math.round(days), 90);

      // The cloud has a bad moment; our code must live through it.
      const Operation = 'DescribeImageFromFamily';
      world.faults.add({ Operation, Kind: 'error', Code: 'Throttling.User' });
      await assert.rejects(newest(sdk), { code: 'Throttling.User' });
      assert.equal((await newest(sdk)).imageName, 'web-2');

      const calls = world.calls().filter(({ Action }) => Action === Operation);
      const codes = calls.map(({ Code }) => Code);
      assert.deepEqual(codes, ['OK', 'OK', 'OK', 'Throttling.User', 'OK']);
    });
});
