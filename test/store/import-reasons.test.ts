// Every reason for which the inspector refuses a file, from the file in a bucket to the answers of the
// API: the task has failed, the image is CreateFailed, both say that very reason, and nothing is kept.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REASONS, type ReasonCode } from '../../src/disk/reasons.ts';
import { kindred, REGION } from '../../src/testing/harness.ts';
import type { CorpusCase } from '../disk/corpus/corpus-case.ts';
import { corpus } from '../disk/corpus/corpus.ts';

const BUCKET = 'images';
/** Of an object without a byte no import is taken: the inspector never sees it. */
const AT_THE_CALL: Partial<Record<ReasonCode, string>> = { EMPTY: 'InvalidOSSObject.Size' };

/** The smallest file of each reason. */
const examples = new Map<string, CorpusCase>();
for (const found of corpus()) {
  const known = examples.get(found.reason ?? '');
  if (found.verdict === 'reject' && found.image.sizeBytes < (known?.image.sizeBytes ?? Infinity))
    examples.set(found.reason ?? '', found);
}

test('each reason of the inspector reaches task, image and API', async (t) => {
  const k = await kindred(t);
  mkdirSync(join(k.dataDir, 'buckets', BUCKET), { recursive: true });
  const begun = [];
  for (const reason of Object.keys(REASONS) as ReasonCode[]) {
    const found = examples.get(reason);
    assert.ok(found, `the corpus has no file that is refused for ${reason}`);
    const object = `${reason}.${found.declaredFormat}`;
    found.image.writeTo(join(k.dataDir, 'buckets', BUCKET, object));
    const request = {
      RegionId: REGION,
      'DiskDeviceMapping.1.OSSBucket': BUCKET,
      'DiskDeviceMapping.1.OSSObject': object,
      'DiskDeviceMapping.1.Format': found.declaredFormat.toUpperCase(),
    };
    const refusal = AT_THE_CALL[reason];
    if (refusal !== undefined) {
      assert.equal((await k.refused('ImportImage', request)).code, refusal);
      continue;
    }
    const { ImageId, TaskId } = await k.call('ImportImage', request);
    begun.push({ reason, object, ImageId, TaskId });
  }
  await k.finishJobs();
  for (const { reason, object, ImageId, TaskId } of begun) {
    const task = await k.call('DescribeTaskAttribute', { RegionId: REGION, TaskId });
    const [told] = task.OperationProgressSet.OperationProgress;
    assert.deepEqual([task.TaskStatus, told.ErrorCode], ['Failed', reason]);
    const failure = await k.call('DescribeImageFailure', { RegionId: REGION, ImageId });
    assert.deepEqual([failure.Status, failure.ErrorCode], ['CreateFailed', reason]);
    assert.equal(failure.ErrorMessage, told.ErrorMsg);
    assert.ok(told.ErrorMsg.startsWith(`Disk 1 (${BUCKET}/${object}): `), told.ErrorMsg);
  }
  await k.kindred.jobs.sweep();
  for await (const stored of k.kindred.stores.of(k.scope.regionId).blobs.list())
    assert.fail(`${stored.digest} is kept`);
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
});
