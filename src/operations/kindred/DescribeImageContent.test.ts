import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { runInstance, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DescribeImageContent } from './DescribeImageContent.ts';

testOperation(
  DescribeImageContent,
  {
    MissingRegionId: (t) => t.call({ ImageId: 'm-bp1' }),
    MissingImageId: (t) => t.call({ RegionId: REGION }),
    IncorrectImageStatus: async (t) => {
      const { imageId } = await t.k.startImport();
      return t.call({ RegionId: REGION, ImageId: imageId });
    },
    OperationDenied: async (t) => {
      const InstanceId = await runInstance(t.k);
      const { ImageId } = await t.k.call('CreateImage', { RegionId: REGION, InstanceId });
      await t.k.finishJobs();
      return t.call({ RegionId: REGION, ImageId });
    },
    'InvalidImageId.NotFound': (t) =>
      t.call({ RegionId: REGION, ImageId: 'm-bp146shijn7hujku9exp' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageId: 'm-bp1' }),
  },
  { kindred: { catalogue: SMALL_CATALOGUE } },
);

test('the digest is that of the imported bytes, and the address lasts an hour', async (t) => {
  const k = await kindred(t);
  const bytes = k.diskImage();
  const { imageId, snapshotId } = await k.importImage({}, { bytes });
  const answer = await k.call('DescribeImageContent', { RegionId: REGION, ImageId: imageId });
  assert.equal(answer.ImageId, imageId);
  const [disk, ...others] = answer.Disks.Disk;
  assert.deepEqual(others, []);
  const hex = createHash('sha256').update(bytes).digest('hex');
  const { Url, ...rest } = disk;
  assert.ok(Url.startsWith(`/images/${hex}/${imageId}-xvda.qcow2?`), Url);
  assert.deepEqual(rest, {
    Device: '/dev/xvda',
    Type: 'system',
    SnapshotId: snapshotId,
    Digest: `sha256:${hex}`,
    SizeBytes: bytes.byteLength,
    VirtualSizeBytes: 1024 ** 3,
    Format: 'qcow2',
    Verdict: 'accepted',
    Warnings: { Warning: [] },
    UrlExpirationTime: '2026-11-24T13:00:00Z',
  });
});

test('a data disk that starts empty has no content, another account sees none at all', async (t) => {
  const k = await kindred(t);
  const { snapshotId } = await k.importImage();
  const { ImageId } = await k.call('CreateImage', {
    RegionId: REGION,
    'DiskDeviceMapping.1.SnapshotId': snapshotId,
    'DiskDeviceMapping.2.Size': '40',
  });
  await k.finishJobs();
  const call = { RegionId: REGION, ImageId };
  assert.equal((await k.call('DescribeImageContent', call)).Disks.Disk.length, 1);
  const as = await k.newAccount();
  assert.equal((await k.refused('DescribeImageContent', call, { as })).status, 404);
});
