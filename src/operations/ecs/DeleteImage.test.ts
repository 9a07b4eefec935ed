import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DeleteImage } from './DeleteImage.ts';

testOperation(DeleteImage, {
  MissingRegionId: (t) => t.call({ ImageId: 'm-bp1' }),
  MissingImageId: (t) => t.call({ RegionId: REGION }),
  DryRunOperation: async (t) => {
    const { imageId } = await t.k.image();
    return t.call({ RegionId: REGION, ImageId: imageId, DryRun: 'true' });
  },
  ImageIsCreating: async (t) => {
    const { snapshotId } = await t.k.importImage();
    const { ImageId } = await t.k.call('CreateImage', { RegionId: REGION, SnapshotId: snapshotId });
    return t.call({ RegionId: REGION, ImageId, Force: 'true' });
  },
  ImageIsImporting: async (t) => {
    const { imageId } = await t.k.startImport();
    return t.call({ RegionId: REGION, ImageId: imageId });
  },
  ImageIsExporting: async (t) => {
    const { imageId } = await t.k.image();
    const image = { RegionId: REGION, ImageId: imageId };
    await t.k.call('CreateBucket', { Bucket: 'exports' });
    await t.k.call('ExportImage', { ...image, OSSBucket: 'exports' });
    return t.call({ ...image, Force: 'true' });
  },
  'OperationDenied.ImageCopying': async (t) => {
    const { imageId } = await t.k.image();
    const image = { RegionId: REGION, ImageId: imageId };
    await t.k.call('CopyImage', { ...image, DestinationRegionId: 'cn-beijing' });
    return t.call(image);
  },
  ImageUseShared: async (t) => {
    const { imageId } = await t.k.image();
    const { accountId } = await t.k.newAccount();
    const image = { RegionId: REGION, ImageId: imageId };
    await t.k.call('ModifyImageSharePermission', { ...image, 'AddAccount.1': accountId });
    return t.call({ ...image, Force: 'true' });
  },
  ImageIsPublic: async (t) => {
    const { imageId } = await t.k.image();
    const image = { RegionId: REGION, ImageId: imageId };
    await t.k.call('ModifyImageSharePermission', { ...image, IsPublic: 'true' });
    return t.call({ ...image, Force: 'true' });
  },
  ImageUsingByInstance: async (t) => {
    const { imageId } = await t.k.image();
    await t.k.instanceOf(imageId);
    return t.call({ RegionId: REGION, ImageId: imageId });
  },
  'InvalidImageId.NotFound': (t) => t.call({ RegionId: REGION, ImageId: 'm-bp146shijn7hujku9exp' }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageId: 'm-bp1' }),
});

test('a deleted image is gone, its snapshot and its family stay as they should', async (t) => {
  const k = await kindred(t);
  const older = await k.image({ ImageFamily: 'web' });
  const newer = await k.image({ ImageFamily: 'web' });
  await k.call('DeleteImage', { RegionId: REGION, ImageId: newer.imageId });
  const family = { RegionId: REGION, ImageFamily: 'web' };
  const head = async () => (await k.call('DescribeImageFromFamily', family)).Image.ImageId;
  assert.equal(await head(), older.imageId);
  const snapshot = await k.store.read((tx) => tx.snapshot(k.scope, newer.snapshotId));
  assert.equal(snapshot?.status, 'accomplished');
  const again = await k.refused('DeleteImage', { RegionId: REGION, ImageId: newer.imageId });
  assert.equal(again.code, 'InvalidImageId.NotFound');
  await k.call('DeleteImage', { RegionId: REGION, ImageId: older.imageId });
  assert.equal(await head(), undefined);
  const counters = await k.store.read((tx) => tx.accountRegion(k.scope));
  assert.equal(counters?.familyCount, 0);
  assert.equal(counters?.imageCount, 1, 'the import that made the snapshot');
});

test('an image of another account or region is not found', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const stranger = await k.newAccount();
  const call = { RegionId: REGION, ImageId: imageId };
  assert.equal((await k.refused('DeleteImage', call, { as: stranger })).status, 404);
  const elsewhere = { ...call, RegionId: 'cn-beijing' };
  assert.equal((await k.refused('DeleteImage', elsewhere)).code, 'InvalidImageId.NotFound');
});

test('Force deletes an image that an instance uses', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const image = { RegionId: REGION, ImageId: imageId };
  const usage = async () => (await k.call('DescribeImages', image)).Images.Image[0].Usage;
  assert.equal(await usage(), 'none');
  await k.instanceOf(imageId);
  assert.equal(await usage(), 'instance');
  await k.call('DeleteImage', { ...image, Force: 'true' });
  assert.equal((await k.call('DescribeImages', image)).TotalCount, 0);
});

test('an import that failed can be deleted', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.importImage(
    {},
    { bytes: new TextEncoder().encode('no disk at all') },
  );
  const image = await k.store.read((tx) => tx.image(k.scope, imageId));
  assert.equal(image?.status, 'CreateFailed');
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  assert.equal(await k.store.read((tx) => tx.image(k.scope, imageId)), undefined);
});
