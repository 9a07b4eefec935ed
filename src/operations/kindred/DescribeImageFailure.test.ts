import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RegionId } from '../../domain/ids.ts';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeImageFailure } from './DescribeImageFailure.ts';
import { blobFile } from '../../testing/blob-file.ts';

const FAR = 'cn-beijing';

testOperation(DescribeImageFailure, {
  MissingRegionId: (t) => t.call({ ImageId: 'm-bp1' }),
  MissingImageId: (t) => t.call({ RegionId: REGION }),
  'InvalidImageId.NotFound': (t) => t.call({ RegionId: REGION, ImageId: 'm-bp1' }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageId: 'm-bp1' }),
});

test('a failed copy tells why, a failed import too, and what is well tells nothing', async (t) => {
  const far = mkdtempSync(join(tmpdir(), 'kindred-region-'));
  t.after(() => rmSync(far, { recursive: true, force: true }));
  const k = await kindred(t, { regionBlobs: { [FAR]: far } });
  const { imageId } = await k.image();
  const { ImageId } = await k.call('CopyImage', {
    RegionId: REGION,
    ImageId: imageId,
    DestinationRegionId: FAR,
  });
  const { blobs } = k.kindred.stores.of(REGION as RegionId);
  for await (const { digest } of blobs.list()) rmSync(blobFile(blobs, digest));
  await k.finishJobs();
  const failure = (region: string, id: string) =>
    k.call('DescribeImageFailure', { RegionId: region, ImageId: id });
  const copied = await failure(FAR, ImageId);
  assert.deepEqual([copied.Status, copied.ErrorCode], ['CreateFailed', 'SOURCE_MISSING']);
  assert.match(copied.ErrorMessage, /^Disk 1 \(sha256:[0-9a-f]{64}\): No store has the bytes/);
  const well = await failure(REGION, imageId);
  assert.deepEqual([well.Status, well.ErrorCode, well.ErrorMessage], ['Available', '', '']);

  const cut = await k.importImage({}, { bytes: k.diskImage().slice(0, -1000) });
  const task = await k.call('DescribeTaskAttribute', { RegionId: REGION, TaskId: cut.taskId });
  const [told] = task.OperationProgressSet.OperationProgress;
  const imported = await failure(REGION, cut.imageId);
  assert.deepEqual([imported.ErrorCode, imported.ErrorMessage], [told.ErrorCode, told.ErrorMsg]);

  const as = await k.newAccount();
  const foreign = { RegionId: FAR, ImageId };
  assert.equal(
    (await k.refused('DescribeImageFailure', foreign, { as })).code,
    'InvalidImageId.NotFound',
  );
});
