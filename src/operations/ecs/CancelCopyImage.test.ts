import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CancelCopyImage } from './CancelCopyImage.ts';

const FAR = 'cn-beijing';

const startCopy = async (k: Harness): Promise<string> => {
  const { imageId } = await k.image();
  const copy = { RegionId: REGION, ImageId: imageId, DestinationRegionId: FAR };
  return (await k.call('CopyImage', copy)).ImageId as string;
};

testOperation(CancelCopyImage, {
  MissingRegionId: (t) => t.call({ ImageId: 'm-bp1' }),
  MissingImageId: (t) => t.call({ RegionId: REGION }),
  ImageCreatedNotFromCopy: async (t) => {
    const { imageId } = await t.k.startImport();
    return t.call({ RegionId: REGION, ImageId: imageId });
  },
  IncorrectImageStatus: async (t) => {
    const ImageId = await startCopy(t.k);
    await t.k.finishJobs();
    return t.call({ RegionId: FAR, ImageId });
  },
  'InvalidImageId.NotFound': async (t) => {
    // The region is that of the copy, not that of its source.
    const ImageId = await startCopy(t.k);
    return t.call({ RegionId: REGION, ImageId });
  },
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageId: 'm-bp1' }),
});

test('a cancelled copy leaves nothing behind', async (t) => {
  const k = await kindred(t);
  const ImageId = await startCopy(k);
  await k.call('CancelCopyImage', { RegionId: FAR, ImageId });
  await k.finishJobs();
  const all = { RegionId: FAR, Status: 'ALL' };
  assert.equal((await k.call('DescribeImages', all)).TotalCount, 0);
  assert.equal((await k.call('DescribeSnapshots', { RegionId: FAR })).TotalCount, 0);
  assert.deepEqual(await k.store.read((tx) => tx.openJobs(10)), []);
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});
