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
  const assertUnseen = async () => {
    const all = { RegionId: FAR, Status: 'ALL' };
    assert.equal((await k.call('DescribeImages', all)).TotalCount, 0);
    assert.equal((await k.call('DescribeSnapshots', { RegionId: FAR })).TotalCount, 0);
    const image = { RegionId: FAR, ImageId };
    assert.equal((await k.refused('DescribeImageFailure', image)).code, 'InvalidImageId.NotFound');
    assert.equal((await k.refused('CancelCopyImage', image)).code, 'InvalidImageId.NotFound');
    assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
  };
  // Job and leases are still there until the clean-up; nobody sees them, nobody is kept from anything.
  assert.equal((await k.store.read((tx) => tx.openJobs(10))).length, 1);
  await assertUnseen();
  const { imageId: source } = await k.image({ ImageName: 'source' });
  const again = { RegionId: REGION, ImageId: source, DestinationRegionId: FAR };
  const { ImageId: named } = await k.call('CopyImage', { ...again, DestinationImageName: 'copy' });
  await k.call('CancelCopyImage', { RegionId: FAR, ImageId: named });
  const retried = await k.call('CopyImage', { ...again, DestinationImageName: 'copy' });
  await k.call('CancelCopyImage', { RegionId: FAR, ImageId: retried.ImageId });
  await k.call('DeleteImage', { RegionId: REGION, ImageId: source });
  await assertUnseen();
  await k.finishJobs();
  assert.deepEqual(await k.store.read((tx) => tx.openJobs(10)), []);
  await assertUnseen();
});
