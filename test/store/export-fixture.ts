// Exports accepted as the API accepts them, and what lies in their bucket.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  acceptExport,
  cancelExport,
  exportJobId,
  type ExportFormat,
} from '../../src/domain/image-export.ts';
import { endTask } from '../../src/domain/image-lifecycle.ts';
import { newId } from '../../src/domain/ids.ts';
import { scope, write, type Accepted, type Place } from './jobs-fixture.ts';

export const EXPORTS = 'exports';

/** What ExportImage writes for the first Available image; `unnamed` is the operator's setting. */
export const acceptExportOf = async (
  place: Place,
  format?: string,
  unnamed: ExportFormat = 'kept',
): Promise<Accepted> => {
  const { random, store } = place.parts;
  const found = await store.read((tx) =>
    tx.images(scope, { statuses: ['Available'] }, { limit: 1, offset: 0 }),
  );
  const image = found.rows[0]!;
  const taskId = newId(random, 't-', 'bp1');
  await place.buckets.createBucket(EXPORTS);
  const refusal = await write(place, (tx) =>
    acceptExport(tx, {
      image,
      bucket: EXPORTS,
      prefix: 'x',
      format,
      unnamed,
      canConvert: true,
      taskId,
    }),
  );
  assert.equal(refusal, undefined);
  return { imageId: image.imageId, taskId, jobId: exportJobId(image.imageId, taskId) };
};

/** What CancelTask writes. */
export const cancelExportOf = async (place: Place, { imageId, taskId }: Accepted) => {
  const outcome = await write(place, async (tx) => {
    const cancelled = await cancelExport(tx, imageId, taskId);
    if (cancelled === 'cancelled') await endTask(tx, taskId, { taskStatus: 'Deleted' });
    return cancelled;
  });
  place.engine.wake();
  return outcome;
};

const folderOf = (buckets: string): string => join(buckets, EXPORTS);

/** Names in the bucket, of objects and of what is none yet. */
export const exportedNames = (buckets: string): string[] =>
  existsSync(folderOf(buckets)) ? readdirSync(folderOf(buckets)).toSorted() : [];

/** Those that a client can name. */
export const exportedObjects = (buckets: string): string[] =>
  exportedNames(buckets).filter((name) => !name.startsWith('.kindred-export-'));

/** Asserts that the task is Finished and that nothing but its objects lies in the bucket. */
export const assertExported = async (
  place: Place,
  { taskId }: Accepted,
  disks: readonly Uint8Array[],
): Promise<void> => {
  const task = await place.parts.store.read((tx) => tx.task(scope, taskId));
  assert.deepEqual([task?.taskStatus, task?.progress], ['Finished', 100]);
  const names = task!.objects.map(({ object }) => object);
  assert.deepEqual(exportedNames(place.buckets.growthRoot), names.toSorted());
  assert.equal(names.length, disks.length);
  for (const [i, bytes] of disks.entries())
    assert.ok(readFileSync(join(folderOf(place.buckets.growthRoot), names[i]!)).equals(bytes));
};
