// Damage at rest: what is found, what is never served, what repairs it. Real files, real hashes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { holderOf } from '../../blobs/holder.ts';
import type { Digest, RegionId } from '../../domain/ids.ts';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { StartVerification } from './StartVerification.ts';

testOperation(StartVerification, {
  InvalidParameter: (t) => t.call({ RateMib: '0' }),
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({}, { as });
  },
});

const DAY_MS = 24 * 3_600_000;
const inRegion = { RegionId: REGION };

const digestOf = (bytes: Uint8Array): Digest =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;

const fileIn = (root: string, digest: Digest): string => {
  const hex = digest.slice('sha256:'.length);
  return join(root, 'sha256', hex.slice(0, 2), hex);
};
const fileOf = (k: Harness, digest: Digest): string => fileIn(join(k.dataDir, 'blobs'), digest);

const flip = (path: string): void => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
};

/** An imported image of the family, with its bytes. */
const member = async (k: Harness, ImageFamily: string, parameters: Record<string, string> = {}) => {
  const bytes = k.diskImage();
  const { imageId, snapshotId } = await k.importImage(parameters, { bytes });
  const RegionId = parameters.RegionId ?? REGION;
  await k.call('ModifyImageAttribute', { RegionId, ImageId: imageId, ImageFamily });
  return { imageId, snapshotId, bytes, digest: digestOf(bytes) };
};

const verify = async (k: Harness) => {
  k.clock.advance(1_000);
  const { VerificationId } = await k.call('StartVerification');
  await k.finishJobs();
  const found = await k.call('DescribeVerification', { VerificationId });
  assert.equal(found.Status, 'Finished');
  return found;
};

const headOf = async (k: Harness, ImageFamily: string): Promise<string | undefined> =>
  (await k.call('DescribeImageFromFamily', { ...inRegion, ImageFamily })).Image.ImageId;

const statusOf = async (k: Harness, ImageId: string): Promise<string> =>
  (await k.call('DescribeImages', { ...inRegion, ImageId, Status: 'ALL' })).Images.Image[0].Status;

const holder = (k: Harness, digest: Digest) =>
  holderOf({ store: k.store, stores: k.kindred.stores }, digest);

test('what is whole stays as it is, and is counted', async (t) => {
  const k = await kindred(t);
  const one = await member(k, 'web');
  const found = await verify(k);
  assert.deepEqual(
    [found.TotalBlobs, found.CheckedBlobs, found.CheckedBytes, found.DamagedBlobs],
    [1, 1, one.bytes.length, 0],
  );
  assert.equal(await headOf(k, 'web'), one.imageId);
});

for (const [damage, harm] of [
  ['DIGEST_MISMATCH', flip],
  ['SIZE_MISMATCH', (path: string) => truncateSync(path, 100)],
  ['FILE_MISSING', unlinkSync],
] as const)
  test(`${damage}: the image turns UnAvailable, the family names the one before`, async (t) => {
    const k = await kindred(t);
    const older = await member(k, 'web');
    const newer = await member(k, 'web');
    harm(fileOf(k, newer.digest));
    const found = await verify(k);
    assert.deepEqual([found.DamagedBlobs, found.RepairedBlobs, found.DamagedCount], [1, 0, 1]);
    const [copy] = found.DamagedCopies.DamagedCopy;
    assert.deepEqual([copy.Damage, copy.Digest], [damage, newer.digest]);
    assert.deepEqual(copy.UnavailableImages.ImageId, [newer.imageId]);
    assert.equal(await headOf(k, 'web'), older.imageId);
    assert.equal(await statusOf(k, newer.imageId), 'UnAvailable');
    assert.equal(await holder(k, newer.digest), undefined);
    const { Differences } = await k.call('Fsck');
    const kinds = Differences.Difference.map(({ Kind }: { Kind: string }) => Kind);
    assert.deepEqual(kinds, ['DamagedCopy']);
  });

test('an UnAvailable image is refused where its bytes are needed, and can be deleted', async (t) => {
  const k = await kindred(t);
  const { imageId, digest, snapshotId } = await member(k, 'web');
  flip(fileOf(k, digest));
  await verify(k);
  assert.equal(await headOf(k, 'web'), undefined);
  const image = { ...inRegion, ImageId: imageId };
  for (const [action, parameters] of [
    ['CopyImage', { ...image, DestinationRegionId: 'cn-beijing' }],
    ['ExportImage', { ...image, OSSBucket: 'images' }],
    ['DescribeImageContent', image],
    ['ModifyImageAttribute', { ...image, Status: 'Deprecated' }],
    ['ModifyImageAttribute', { ...image, Status: 'Available' }],
    ['RunInstances', { ...image, InstanceType: 'ecs.g7.large', VSwitchId: 'vsw-1' }],
  ] as const)
    assert.ok((await k.refused(action, parameters)).status < 500, action);
  const made = await k.call('CreateImage', { ...inRegion, SnapshotId: snapshotId });
  await k.finishJobs();
  assert.equal(await statusOf(k, made.ImageId), 'CreateFailed');
  const listed = await k.call('DescribeImages', { ...inRegion, Status: 'UnAvailable' });
  assert.equal(listed.TotalCount, 1);
  await k.call('DeleteImage', image);
});

test('equal bytes that are imported again heal them; a deprecated image stays deprecated', async (t) => {
  const k = await kindred(t);
  const { imageId, digest, bytes, snapshotId } = await member(k, 'web');
  const other = await k.call('CreateImage', { ...inRegion, SnapshotId: snapshotId });
  await k.finishJobs();
  const deprecated = { ...inRegion, ImageId: other.ImageId };
  await k.call('ModifyImageAttribute', { ...deprecated, Status: 'Deprecated' });
  flip(fileOf(k, digest));
  await verify(k);
  assert.equal(await statusOf(k, other.ImageId), 'UnAvailable');
  await k.importImage({}, { bytes });
  assert.equal(await headOf(k, 'web'), imageId);
  assert.equal(await statusOf(k, other.ImageId), 'Deprecated');
  assert.deepEqual(new Uint8Array(readFileSync(fileOf(k, digest))), new Uint8Array(bytes));
  assert.equal((await verify(k)).DamagedCount, 0);
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
});

test('a file that was put back is found whole by the next verification', async (t) => {
  const k = await kindred(t);
  const { imageId, digest, bytes } = await member(k, 'web');
  unlinkSync(fileOf(k, digest));
  await verify(k);
  writeFileSync(fileOf(k, digest), bytes);
  const found = await verify(k);
  assert.deepEqual([found.DamagedBlobs, found.RepairedBlobs, found.DamagedCount], [0, 1, 0]);
  assert.equal(await headOf(k, 'web'), imageId);
});

const withTwoStores = async (t: TestContext) => {
  const far = mkdtempSync(join(tmpdir(), 'kindred-far-'));
  t.after(() => rmSync(far, { recursive: true, force: true }));
  const k = await kindred(t, { regionBlobs: { 'cn-beijing': far } });
  const one = await member(k, 'web');
  await k.call('CopyImage', {
    ...inRegion,
    ImageId: one.imageId,
    DestinationRegionId: 'cn-beijing',
  });
  await k.finishJobs();
  return { k, one, farFile: fileIn(far, one.digest) };
};

test('a damaged copy is repaired from another store, and no image is lost meanwhile', async (t) => {
  const { k, one, farFile } = await withTwoStores(t);
  for (const path of [fileOf(k, one.digest), farFile]) {
    flip(path);
    const found = await verify(k);
    assert.deepEqual([found.DamagedBlobs, found.RepairedBlobs, found.DamagedCount], [1, 1, 0]);
    assert.equal(digestOf(readFileSync(path)), one.digest);
    assert.equal(await headOf(k, 'web'), one.imageId);
  }
  const region = { ...k.scope, regionId: REGION as RegionId };
  const changes = await k.store.read((tx) => tx.changes(region, 0, 100));
  assert.ok(changes.every(({ statusAfter }) => statusAfter !== 'UnAvailable'));
});

test('two damaged copies: no repair, both are lost, and the images with them', async (t) => {
  const { k, one, farFile } = await withTwoStores(t);
  flip(fileOf(k, one.digest));
  flip(farFile);
  const found = await verify(k);
  assert.deepEqual([found.DamagedBlobs, found.RepairedBlobs, found.DamagedCount], [2, 0, 2]);
  assert.equal(await headOf(k, 'web'), undefined);
  assert.equal(await holder(k, one.digest), undefined);
});

test('the schedule reads few copies one by one, each within the week', async (t) => {
  const k = await kindred(t);
  const members = [await member(k, 'web'), await member(k, 'web'), await member(k, 'web')];
  const tick = async () => {
    await k.kindred.jobs.verifyDue();
    await k.finishJobs();
  };
  flip(fileOf(k, members[2]!.digest));
  await tick();
  assert.equal(await headOf(k, 'web'), members[2]!.imageId);
  k.clock.advance(6.5 * DAY_MS);
  const beganMs = k.clock.wallMs();
  const counts = [];
  for (let i = 0; i < 4; i += 1) {
    await tick();
    const blobs = await k.store.read((tx) => tx.duePlacements(beganMs, 10));
    counts.push(blobs.length);
    k.clock.advance(600_000);
  }
  assert.deepEqual(counts, [2, 1, 0, 0]);
  assert.equal(await headOf(k, 'web'), members[1]!.imageId);
});

test('one verification runs at a time; damage of a blob that is deleted meanwhile is none', async (t) => {
  const k = await kindred(t);
  const { imageId, digest, snapshotId } = await member(k, 'web');
  k.clock.advance(1_000);
  const first = await k.call('StartVerification');
  const second = await k.call('StartVerification');
  assert.deepEqual(
    [first.IsNew, second.IsNew, second.VerificationId],
    [true, false, first.VerificationId],
  );
  await k.call('DeleteImage', { ...inRegion, ImageId: imageId });
  await k.call('DeleteSnapshot', { SnapshotId: snapshotId });
  await k.kindred.jobs.sweep();
  assert.throws(() => readFileSync(fileOf(k, digest)));
  await k.finishJobs();
  const found = await k.call('DescribeVerification');
  assert.deepEqual([found.Status, found.DamagedCount], ['Finished', 0]);
});
