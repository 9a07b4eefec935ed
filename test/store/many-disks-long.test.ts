// An image of the most disks that there may be, one system disk and sixteen of data, of distinct
// content in two formats: every disk keeps its bytes through import, copy between stores and CreateImage
// from its snapshots. An export of so many is refused as the vendor does; of five disks it is whole.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeQcow2, makeRaw } from '../../src/testing/disk-images.ts';
import { kindred, REGION, type Harness } from '../../src/testing/harness.ts';

const FAR = 'cn-beijing';
const MOST = 17;
const EXPORTED = 5;

const contents = Array.from({ length: MOST }, (_, seed) => {
  const guest = { virtualSizeBytes: 2 ** 20, guestData: { seed, sizeBytes: 2 ** 17 } };
  return seed % 2 === 0 ? makeQcow2(guest) : makeRaw(guest);
});
const digests = contents.map(
  (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
);

const importDisks = async (k: Harness, count: number): Promise<string> => {
  const mapping: Record<string, string> = { RegionId: REGION };
  for (const [i, bytes] of contents.slice(0, count).entries()) {
    k.putObject('images', `disk-${i}.${i % 2 === 0 ? 'qcow2' : 'raw'}`, bytes);
    mapping[`DiskDeviceMapping.${i + 1}.OSSBucket`] = 'images';
    mapping[`DiskDeviceMapping.${i + 1}.OSSObject`] = `disk-${i}.${i % 2 === 0 ? 'qcow2' : 'raw'}`;
  }
  const { ImageId } = await k.call('ImportImage', mapping);
  await k.finishJobs();
  return ImageId as string;
};

const digestsOf = async (k: Harness, ImageId: string, RegionId = REGION): Promise<string[]> => {
  const content = await k.call('DescribeImageContent', { RegionId, ImageId });
  return content.Disks.Disk.map(({ Digest }: { Digest: string }) => Digest);
};

test('seventeen disks keep their bytes wherever they go', async (t) => {
  const far = mkdtempSync(join(tmpdir(), 'kindred-far-'));
  t.after(() => rmSync(far, { recursive: true }));
  const k = await kindred(t, { regionBlobs: { [FAR]: far } });
  const imageId = await importDisks(k, MOST);
  assert.deepEqual(await digestsOf(k, imageId), digests);

  const copy = await k.call('CopyImage', {
    RegionId: REGION,
    ImageId: imageId,
    DestinationRegionId: FAR,
  });
  await k.finishJobs();
  assert.deepEqual(await digestsOf(k, copy.ImageId, FAR), digests);

  const image = await k.store.read((tx) => tx.image(k.scope, imageId));
  const mapping: Record<string, string> = { RegionId: REGION };
  for (const [i, { snapshotId }] of (image?.disks ?? []).entries())
    mapping[`DiskDeviceMapping.${i + 1}.SnapshotId`] = snapshotId ?? '';
  const created = await k.call('CreateImage', mapping);
  await k.finishJobs();
  assert.deepEqual(await digestsOf(k, created.ImageId), digests);

  await k.call('CreateBucket', { Bucket: 'exports' });
  const exporting = { RegionId: REGION, OSSBucket: 'exports' };
  const refusal = await k.refused('ExportImage', { ...exporting, ImageId: imageId });
  assert.equal(refusal.code, 'InvalidImage.DiskAmountOrSize');
  const few = await importDisks(k, EXPORTED);
  const { TaskId } = await k.call('ExportImage', { ...exporting, ImageId: few });
  await k.finishJobs();
  const task = await k.call('DescribeTaskAttribute', { RegionId: REGION, TaskId });
  assert.equal(task.TaskStatus, 'Finished');
  for (const [i, piece] of task.OperationProgressSet.OperationProgress.entries()) {
    const name = piece.RelatedItemSet.RelatedItem[1].Value as string;
    assert.ok(readFileSync(join(k.dataDir, 'buckets', 'exports', name)).equals(contents[i]!));
  }
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});
