import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeImageSupportInstanceTypes } from './DescribeImageSupportInstanceTypes.ts';

const some = { RegionId: REGION, ImageId: 'm-bp1none' };

testOperation(
  DescribeImageSupportInstanceTypes,
  {
    MissingRegionId: (t) => t.call({ ImageId: 'm-bp1none' }),
    MissingImageId: (t) => t.call({ RegionId: REGION }),
    InvalidParamter: (t) =>
      t.call({
        ...some,
        ...Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`Filter.${i + 1}.Key`, 'k'])),
      }),
    'InvalidRegionId.NotFound': (t) => t.call({ ...some, RegionId: 'cn-nowhere' }),
    'InvalidImageId.NotFound': (t) => t.call(some),
    InvalidUsage: (t) => t.call({ ...some, ActionType: 'CreateOS' }),
  },
  { isShared: true },
);

test('the types are those whose processors fit, of own images and of shared ones', async (t) => {
  const k = await kindred(t);
  const { imageId, snapshotId } = await k.image();
  const arm = await k.image({ SnapshotId: snapshotId, Architecture: 'arm64' });
  const other = await k.newAccount();
  const typesOf = async (ImageId: string, as = k.rootKey) => {
    const request = { RegionId: REGION, ImageId };
    const answer = await k.call('DescribeImageSupportInstanceTypes', request, { as });
    assert.deepEqual([answer.ImageId, answer.RegionId], [ImageId, REGION]);
    return answer.InstanceTypes.InstanceType.map(
      ({ InstanceTypeId }: { InstanceTypeId: string }) => InstanceTypeId,
    ) as string[];
  };
  const listed = async (CpuArchitecture: string) =>
    (await k.call('DescribeInstanceTypes', { CpuArchitecture })).InstanceTypes.InstanceType.map(
      ({ InstanceTypeId }: { InstanceTypeId: string }) => InstanceTypeId,
    );
  assert.deepEqual(await typesOf(imageId), await listed('X86'));
  assert.deepEqual(await typesOf(arm.imageId), await listed('ARM'));

  const request = { RegionId: REGION, ImageId: imageId };
  const foreign = await k.refused('DescribeImageSupportInstanceTypes', request, { as: other });
  assert.equal(foreign.code, 'InvalidImageId.NotFound');
  await k.call('ModifyImageSharePermission', { ...request, 'AddAccount.1': other.accountId });
  assert.deepEqual(await typesOf(imageId, other), await listed('X86'));
});
