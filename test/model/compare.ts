// Holds the server against the model, after every command: images in order, families and their heads,
// counters, snapshots, tasks, bytes. The resolver is a parameter, so that a test can put a wrong one
// in its place and see that this comparison notices.
import assert from 'node:assert/strict';
import { resolveFamily } from '../../src/domain/family.ts';
import type { Digest } from '../../src/domain/ids.ts';
import type { Image } from '../../src/domain/image.ts';
import type { ReadTx } from '../../src/domain/tx.ts';
import { formatSeconds } from '../../src/lib/clock.ts';
import type { Model, ModelScope } from './model.ts';
import type { Real, RealScope } from './real.ts';

export const FAMILIES = ['web', 'Web', 'db', 'edge'] as const;

/** Decides which image a family names; the real one or a wrong one. */
export type Resolver = (family: string, candidates: readonly Image[]) => Image | undefined;

export const realResolver: Resolver = (family, candidates) =>
  resolveFamily(family, candidates).image;

const EVERYTHING = { limit: 1_000, offset: 0 };

/** Compares one scope, or all of them: what happens in one must not be felt in another. */
export const compare = async (
  model: Model,
  real: Real,
  resolve: Resolver,
  at?: number,
): Promise<void> => {
  for (const [i, expected] of model.scopes.entries()) {
    if (at !== undefined && at !== i) continue;
    const scope = real.scopes[i]!;
    await real.harness.store.read((tx) => compareRows(tx, scope, expected, resolve));
    for (const family of FAMILIES) await compareAnswer(real, i, expected, family);
  }
};

/** All rows of one scope, in one snapshot. */
const compareRows = async (
  tx: ReadTx,
  scope: RealScope,
  expected: ModelScope,
  resolve: Resolver,
): Promise<void> => {
  const { rows } = await tx.images(scope, {}, EVERYTHING);
  compareImages(rows, expected);
  await compareFamilies(tx, scope, expected);
  for (const family of FAMILIES)
    assert.equal(
      resolve(family, rows)?.imageId,
      expected.newest(family)?.imageId,
      `the resolver on ${family}`,
    );
  await compareSnapshots(tx, scope, expected);
  await compareTasks(tx, scope, expected);
  await compareBytes(tx, scope, rows, expected);
  const counters = await tx.accountRegion(scope);
  assert.equal(counters?.imageCount ?? 0, expected.images.size, 'imageCount');
  assert.equal(counters?.familyCount ?? 0, expected.families().size, 'familyCount');
};

const compareImages = (rows: readonly Image[], expected: ModelScope): void => {
  const order = expected.list().toSorted((a, b) => b.seq - a.seq);
  const view = order.map(({ imageId, imageName, family, status, ct, tags }) =>
    [imageId, imageName, family ?? '', status, ct, JSON.stringify([...tags].toSorted())].join(' '),
  );
  const found = rows.map(({ imageId, imageName, imageFamily, status, creationMs, tags }) => {
    const pairs = tags.map(({ tagKey, tagValue }) => [tagKey, tagValue]).toSorted();
    return [imageId, imageName, imageFamily ?? '', status, creationMs, JSON.stringify(pairs)].join(
      ' ',
    );
  });
  assert.deepEqual(found, view);
  for (const [at, { creationMs, seq }] of rows.entries()) {
    const newer = rows[at - 1];
    assert.ok(newer === undefined || (newer.seq > seq && newer.creationMs >= creationMs), 'order');
  }
};

const compareFamilies = async (
  tx: ReadTx,
  scope: RealScope,
  expected: ModelScope,
): Promise<void> => {
  const { total, rows } = await tx.families(scope, EVERYTHING);
  const view = [...expected.families()].map(([family, count]) => [
    family,
    count,
    expected.newest(family)?.imageId ?? null,
  ]);
  const found = rows.map(({ imageFamily, imageCount, headImageId }) => [
    imageFamily,
    imageCount,
    headImageId,
  ]);
  assert.deepEqual(found.toSorted(), view.toSorted());
  assert.equal(total, view.length);
};

const compareSnapshots = async (
  tx: ReadTx,
  scope: RealScope,
  expected: ModelScope,
): Promise<void> => {
  const { rows } = await tx.snapshots(scope, {}, EVERYTHING);
  const found = rows.map(({ snapshotId, status, digest, imageCount }) => [
    snapshotId,
    status,
    digest ?? '',
    imageCount,
  ]);
  const view = [...expected.snapshots.values()].map(({ snapshotId, isAccomplished, digest }) => [
    snapshotId,
    isAccomplished ? 'accomplished' : 'progressing',
    digest,
    expected.references(snapshotId),
  ]);
  assert.deepEqual(found.toSorted(), view.toSorted());
};

const compareTasks = async (tx: ReadTx, scope: RealScope, expected: ModelScope): Promise<void> => {
  const { rows } = await tx.tasks(scope, {}, EVERYTHING);
  const found = rows.map(({ taskId, resourceId, taskStatus }) => [taskId, resourceId, taskStatus]);
  const view = [...expected.tasks.values()].map(({ taskId, imageId, status }) => [
    taskId,
    imageId,
    status,
  ]);
  assert.deepEqual(found.toSorted(), view.toSorted());
  for (const { taskStatus, errorCode, finishedMs } of rows) {
    assert.equal(taskStatus === 'Failed', errorCode !== '', 'a reason, and only for a failure');
    assert.equal(taskStatus === 'Processing', finishedMs === null);
  }
};

/** Usable images have their bytes, images in the making have one job, the others have neither. */
const compareBytes = async (
  tx: ReadTx,
  scope: RealScope,
  rows: readonly Image[],
  expected: ModelScope,
): Promise<void> => {
  for (const { imageId, status, disks } of rows) {
    const job = await tx.jobOfImage(imageId);
    assert.equal(
      job !== undefined,
      status === 'Creating',
      `the job of ${imageId}, which is ${status}`,
    );
    const snapshotId = disks[0]?.snapshotId ?? '';
    assert.equal(
      snapshotId,
      expected.images.get(imageId)?.snapshotId,
      `the snapshot of ${imageId}`,
    );
    if (status !== 'Available' && status !== 'Deprecated') continue;
    const digest = expected.snapshots.get(snapshotId)?.digest;
    const snapshot = await tx.snapshot(scope, snapshotId);
    assert.equal(snapshot?.digest, digest);
    assert.equal((await tx.blob(digest as Digest))?.state, 'present');
  }
};

/** The question itself, as a client asks it. */
const compareAnswer = async (
  real: Real,
  scope: number,
  expected: ModelScope,
  family: string,
): Promise<void> => {
  const { body } = await real.call(scope, 'DescribeImageFromFamily', { ImageFamily: family });
  const newest = expected.newest(family);
  if (newest === undefined)
    return assert.deepEqual(body.Image, {}, `${family} should name nothing`);
  const { ImageId, ImageName, ImageFamily, Status, CreationTime, Progress } = body.Image;
  assert.deepEqual(
    [ImageId, ImageName, ImageFamily, Status, CreationTime, Progress],
    [newest.imageId, newest.imageName, family, 'Available', formatSeconds(newest.ct), '100%'],
  );
};
