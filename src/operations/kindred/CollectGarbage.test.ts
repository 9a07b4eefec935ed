import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Digest, ImageId } from '../../domain/ids.ts';
import { kindred, REGION, type Harness, type Parameters } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CollectGarbage } from './CollectGarbage.ts';

testOperation(CollectGarbage, {
  NoPermission: async (t) => t.call({ Mode: 'plan' }, { as: await t.k.newAccount() }),
  InvalidParameter: (t) => t.call({ Mode: 'purge' }),
  'Invalid.NextToken': (t) => t.call({ NextToken: 'cm93cw' }),
});

const DAY_MS = 24 * 3600 * 1000;

interface Found {
  Kind: string;
  Name: string;
  Place: string;
  SizeBytes: number;
}

const collect = async (k: Harness, parameters: Parameters = {}) => {
  const answer = await k.call('CollectGarbage', parameters);
  const found = answer.Garbage.Garbage as Found[];
  for (const { Kind, Count, SizeBytes } of answer.Kinds.Kind) {
    const ofKind = found.filter((one) => one.Kind === Kind);
    assert.equal(Count, ofKind.length);
    assert.equal(
      SizeBytes,
      ofKind.reduce((sum, one) => sum + one.SizeBytes, 0),
    );
  }
  return { found, next: answer.NextToken as string };
};

/** Call after call, with the token of the one before. */
const collectAll = async (k: Harness, parameters: Parameters): Promise<Found[]> => {
  const all: Found[] = [];
  let token = '';
  do {
    const { found, next } = await collect(k, { ...parameters, ...(token && { NextToken: token }) });
    assert.ok(found.length <= Number(parameters.MaxResults ?? 200));
    all.push(...found);
    token = next;
  } while (token !== '');
  return all;
};

const put = (path: string, text: string, ageMs: number, k: Harness): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const at = new Date(k.clock.wallMs() - ageMs);
  utimesSync(path, at, at);
};

const blobPath = (root: string, digest: string): string => {
  const hex = digest.slice('sha256:'.length);
  return join(root, 'sha256', hex.slice(0, 2), hex);
};

/** DeleteImage and DeleteSnapshot: the bytes are nobody's then. */
const importAndDelete = async (k: Harness, bytes?: Uint8Array): Promise<Digest> => {
  const { imageId, snapshotId } = await k.importImage({}, bytes ? { bytes } : {});
  const snapshot = await k.store.read((tx) => tx.snapshot(k.scope, snapshotId));
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  await k.call('DeleteSnapshot', { SnapshotId: snapshotId, Force: 'true' });
  return snapshot!.digest!;
};

/** A store of a region's own besides the common one, and some garbage of every kind. */
const furnish = async (t: TestContext) => {
  const far = mkdtempSync(join(tmpdir(), 'kindred-far-'));
  t.after(() => rmSync(far, { recursive: true, force: true }));
  const k = await kindred(t, { regionBlobs: { 'cn-beijing': far } });
  const kept = await k.importImage();
  const digest = await importAndDelete(k);
  const keptDigest = (await k.store.read((tx) => tx.snapshot(k.scope, kept.snapshotId)))!.digest!;
  const orphan = `sha256:${'ab'.repeat(32)}`;
  const open = await k.startImport();
  put(blobPath(join(k.dataDir, 'blobs'), orphan), 'orphan', 2 * DAY_MS, k);
  put(blobPath(join(k.dataDir, 'blobs'), `sha256:${'cd'.repeat(32)}`), 'young', 0, k);
  // Bytes of a blob that is kept elsewhere, in a store which no row tells of.
  put(blobPath(far, keptDigest), 'stray', 2 * DAY_MS, k);
  put(join(k.dataDir, 'staging', 'm-bp1nobody.1.part'), 'staged', 0, k);
  put(join(k.dataDir, 'staging', `${open.imageId}.1.part`), 'growing', 2 * DAY_MS, k);
  const bucket = join(k.dataDir, 'buckets', 'images');
  put(join(bucket, '.kindred-put-old'), 'body', 2 * DAY_MS, k);
  put(join(bucket, '.kindred-put-new'), 'body', 0, k);
  put(join(bucket, 'object'), 'an object', 900 * DAY_MS, k);
  await k.call('CreateBucket', { Bucket: 'builds' });
  const upload = { Bucket: 'builds', Object: 'a.raw', SizeBytes: '10' };
  const { UploadId: alive } = await k.call('CreateUpload', { ...upload, Object: 'b.raw' });
  const { UploadId: spent } = await k.call('CreateUpload', upload);
  put(join(k.dataDir, 'buckets', 'builds', `.kindred-upload-${spent}`), 'half', 0, k);
  await k.store.write({ principal: 'test', requestId: 'R', nowMs: k.clock.wallMs() }, (tx) =>
    tx.setUploadStatus(spent, 'Uploading', { status: 'Deleting', version: '', message: '' }),
  );
  return { k, kept, open, digest, keptDigest, orphan, spent, alive: alive as string, bucket };
};

test('a plan lists exactly what is then removed, of every kind, and changes nothing', async (t) => {
  const { k, kept, digest, keptDigest, orphan, spent, bucket, open } = await furnish(t);
  const before = k.stateHash();
  const plan = await collectAll(k, { Mode: 'plan' });
  assert.deepEqual(
    plan.map(({ Kind, Name }) => [Kind, Name]),
    [
      ['UnreferencedBlob', digest],
      ['OrphanBlob', orphan],
      ['StaleStaging', 'm-bp1nobody.1.part'],
      ['UnneededCopy', keptDigest],
      ['SpentUpload', spent],
      ['BucketLeftover', '.kindred-put-old'],
    ],
  );
  assert.equal(k.stateHash(), before);
  assert.deepEqual(await collectAll(k, { Mode: 'plan', MaxResults: '1' }), plan);
  assert.deepEqual(await collectAll(k, { MaxResults: '1' }), plan);
  assert.deepEqual(await collectAll(k, {}), []);
  assert.ok(existsSync(join(bucket, '.kindred-put-new')) && existsSync(join(bucket, 'object')));
  assert.equal(existsSync(join(bucket, '.kindred-put-old')), false);
  assert.ok(existsSync(join(k.dataDir, 'staging', `${open.imageId}.1.part`)));
  await k.finishJobs();
  const opened = await k.store.read((tx) => tx.image(k.scope, open.imageId as ImageId));
  assert.equal(opened?.status, 'Available');
  const described = await k.call('DescribeImages', { RegionId: REGION, ImageId: kept.imageId });
  assert.equal(described.Images.Image[0].Status, 'Available');
  const kinds = (await k.call('Fsck')).Differences.Difference.map((row: Found) => row.Kind);
  // The young file that no row tells of.
  assert.deepEqual(kinds, ['OrphanBlob']);
});

test('what a backup holds is neither told nor removed until it lets go', async (t) => {
  const k = await kindred(t);
  const digest = await importAndDelete(k);
  const { holds } = k.kindred;
  holds.holdAll();
  assert.deepEqual(await collectAll(k, { Mode: 'plan' }), []);
  assert.deepEqual(await collectAll(k, {}), []);
  holds.narrowTo([digest]);
  assert.deepEqual(await collectAll(k, {}), []);
  assert.ok(existsSync(blobPath(join(k.dataDir, 'blobs'), digest)));
  holds.release(digest);
  assert.deepEqual(
    (await collectAll(k, {})).map(({ Name }) => Name),
    [digest],
  );
});

test('a blob held or leased between look and removal stays', async (t) => {
  const k = await kindred(t);
  const bytes = k.diskImage();
  const digest = await importAndDelete(k, bytes);
  const path = blobPath(join(k.dataDir, 'blobs'), digest);
  const { holds, stores } = k.kindred;
  // The walk asks every store for the size of what it has found: right before it removes that.
  const { blobs } = stores.all[0]!;
  const { head } = blobs;
  const meanwhile = async (work: () => Promise<void>): Promise<void> => {
    let isDone = false;
    t.mock.method(blobs, 'head', async (asked: Digest) => {
      const isFirst = !isDone;
      isDone = true;
      if (isFirst) await work();
      return head(asked);
    });
    assert.deepEqual(await collectAll(k, {}), []);
    assert.ok(isDone && existsSync(path));
  };
  await meanwhile(() => Promise.resolve(holds.narrowTo([digest])));
  holds.releaseAll();
  // An import of equal bytes, which ends while the collection goes on.
  let imageId = '';
  await meanwhile(async () => {
    ({ imageId } = await k.importImage({}, { bytes }));
  });
  const { Images } = await k.call('DescribeImages', { RegionId: REGION, ImageId: imageId });
  assert.equal(Images.Image[0].Status, 'Available');
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});

test('collecting without pause while equal bytes come and go loses nothing', async (t) => {
  const k = await kindred(t);
  const bytes = k.diskImage();
  let isOver = false;
  let removed = 0;
  const collecting = (async () => {
    while (!isOver) removed += (await collect(k)).found.length;
  })();
  for (let round = 0; round < 8; round += 1) {
    const { imageId } = await k.importImage({}, { bytes });
    const { Images } = await k.call('DescribeImages', { RegionId: REGION, ImageId: imageId });
    assert.equal(Images.Image[0].Status, 'Available');
    const { SnapshotId } = Images.Image[0].DiskDeviceMappings.DiskDeviceMapping[0];
    await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
    await k.call('DeleteSnapshot', { SnapshotId, Force: 'true' });
  }
  isOver = true;
  await collecting;
  removed += (await collect(k)).found.length;
  assert.ok(removed > 1, `only ${removed} removals raced`);
  assert.deepEqual(await k.store.read((tx) => tx.blobs('', 9)), []);
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});
