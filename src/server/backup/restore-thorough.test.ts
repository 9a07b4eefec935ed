import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemClocks } from '../../lib/clock.ts';
import { noFaults, throwAt, type FaultPoint, type Faults } from '../../lib/fault.ts';
import { kindred, REGION, type Harness, type Parameters } from '../../testing/harness.ts';
import { signedRequest } from '../../testing/sign.ts';
import { openKindred, type Kindred } from '../compose.ts';
import { makeLog } from '../log.ts';
import { planRestore, type RestoreRequest } from './restore-plan.ts';
import { restore } from './restore.ts';

const folderOf = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'kindred-restore-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

interface Place {
  k: Harness;
  root: string;
  directory: string;
  dataDir: string;
  older: string;
  newer: string;
}

const FAMILY = { RegionId: REGION, ImageFamily: 'web' };

/** Two images in a family, the older one's bytes first. */
const place = async (t: TestContext): Promise<Place> => {
  const [k, root] = [await kindred(t), folderOf(t)];
  const images: string[] = [];
  for (let i = 0; i < 2; i++) {
    const { imageId } = await k.importImage();
    await k.call('ModifyImageAttribute', { ...FAMILY, ImageId: imageId });
    images.push(imageId);
  }
  const [older = '', newer = ''] = images;
  return { k, root, directory: join(root, 'backup'), dataDir: join(root, 'new'), older, newer };
};

const backUp = async ({ k, directory }: Place, more: Parameters = { WithMasterKey: 'true' }) => {
  const { BackupId } = await k.call('CreateBackup', { Directory: directory, ...more });
  await k.kindred.backups.settled();
  return k.call('DescribeBackup', { BackupId });
};

const run = async (request: RestoreRequest, faults: Faults = noFaults) =>
  restore(await planRestore(request), {
    clocks: { ...systemClocks, wallMs: () => 0 },
    faults,
    onProgress: () => undefined,
  });

/** The restored directory at work, asked with the old key. */
const started = async (t: TestContext, { k, dataDir }: Place) => {
  const opened: Kindred = await openKindred({
    dataDir,
    log: makeLog('silent'),
    clocks: k.clock,
    test: { holdJobs: true },
  });
  t.after(() => opened.close());
  return async (action: string, parameters: Record<string, string> = {}) => {
    const version = action === 'Fsck' ? '2026-11-24' : '2014-05-26';
    const nowMs = k.clock.wallMs();
    const request = signedRequest(parameters, {
      ...k.rootKey,
      action,
      version,
      nowMs,
      format: 'JSON',
    });
    const { status, body } = await opened.handle(request);
    const text = Buffer.from(body).toString('utf8');
    assert.equal(status, 200, text);
    return JSON.parse(text);
  };
};

const blobFiles = (folder: string): string[] =>
  readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const digestOf = async ({ k }: Place, imageId: string): Promise<string> => {
  const content = await k.call('DescribeImageContent', { RegionId: REGION, ImageId: imageId });
  return content.Disks.Disk[0].Digest.slice('sha256:'.length);
};

test('what is restored is what was backed up, under the next incarnation', async (t) => {
  const at = await place(t);
  await backUp(at, {});
  await at.k.importImage();
  const masterKeyFile = join(at.k.dataDir, 'master.key');
  const report = await run({ ...at, masterKeyFile });
  assert.deepEqual([report.lost, report.incarnation, report.imageCount], [[], 2, 2]);
  const identity = JSON.parse(readFileSync(join(at.dataDir, 'kindred.json'), 'utf8'));
  const old = JSON.parse(readFileSync(join(at.k.dataDir, 'kindred.json'), 'utf8'));
  assert.deepEqual([identity.instanceId, identity.incarnation], [old.instanceId, 2]);
  for (const path of blobFiles(at.dataDir))
    assert.ok(path.endsWith(createHash('sha256').update(readFileSync(path)).digest('hex')));
  const call = await started(t, at);
  assert.equal((await call('DescribeImageFromFamily', FAMILY)).Image.ImageId, at.newer);
  assert.equal((await call('Fsck')).DifferenceCount, 0);
});

test('a blob damaged in the backup makes its image UnAvailable, and the family falls back', async (t) => {
  const at = await place(t);
  await backUp(at);
  const digest = await digestOf(at, at.newer);
  const path = blobFiles(at.directory).find((name) => name.endsWith(digest))!;
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
  const report = await run(at);
  assert.deepEqual(
    report.lost.map((blob) => [blob.digest, blob.reason]),
    [[`sha256:${digest}`, 'DAMAGED']],
  );
  assert.deepEqual(
    report.lostImages.map(({ imageId }) => imageId),
    [at.newer],
  );
  const call = await started(t, at);
  assert.equal((await call('DescribeImageFromFamily', FAMILY)).Image.ImageId, at.older);
  const listed = await call('DescribeImages', { RegionId: REGION, Status: 'UnAvailable' });
  assert.equal(listed.TotalCount, 1);
});

test('lost bytes are taken from another folder that has them', async (t) => {
  const at = await place(t);
  await backUp(at);
  for (const path of blobFiles(at.directory)) rmSync(path);
  assert.equal((await run({ ...at, dataDir: join(at.root, 'a') })).lost.length, 2);
  const report = await run({ ...at, blobsFrom: at.k.dataDir });
  assert.deepEqual([report.lost, report.lostImages], [[], []]);
});

test('a source damaged before the backup is told, and not taken', async (t) => {
  const at = await place(t);
  const digest = await digestOf(at, at.older);
  const path = blobFiles(at.k.dataDir).find((name) => name.endsWith(digest))!;
  const bytes = readFileSync(path);
  bytes[100]! ^= 1;
  writeFileSync(path, bytes);
  const told = await backUp(at);
  assert.equal(told.Status, 'Finished');
  assert.deepEqual(
    told.LostBlobs.LostBlob.map((blob: { Digest: string; Reason: string }) => [
      blob.Digest,
      blob.Reason,
    ]),
    [[`sha256:${digest}`, 'DAMAGED']],
  );
  assert.ok(!blobFiles(at.directory).some((name) => name.includes(digest)));
  assert.equal((await run(at)).lostImages[0]?.imageId, at.older);
});

test('nothing is written for a wrong key, a newer format, a damaged copy or a full folder', async (t) => {
  const at = await place(t);
  await backUp(at, { WithMasterKey: 'false' });
  const refused = (request: Partial<RestoreRequest>, sentence: RegExp) =>
    assert.rejects(run({ ...at, ...request }), (error: Error) => {
      assert.equal(error.name, 'StartRefused');
      assert.match(error.message, sentence);
      return true;
    });
  await refused({}, /does not hold its master key/);
  const wrong = join(at.root, 'wrong.key');
  writeFileSync(wrong, Buffer.alloc(32, 7).toString('base64'));
  await refused({ masterKeyFile: wrong }, /it is another key/);
  const masterKeyFile = join(at.k.dataDir, 'master.key');
  await refused({ masterKeyFile, dataDir: at.root }, /overlap/);
  await refused({ masterKeyFile, dataDir: at.k.dataDir }, /is not empty/);
  await refused({ masterKeyFile, backupId: '20200101T000000Z' }, /there is no backup/);
  await refused({ masterKeyFile, directory: at.k.dataDir }, /holds no backups/);
  assert.ok(!existsSync(join(at.dataDir, 'kindred.db')));

  const manifest = join(at.directory, 'backups', readdirSync(join(at.directory, 'backups'))[0]!);
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.replace('"dataFormat": 1', '"dataFormat": 9'));
  await refused({ masterKeyFile }, /newer Kindred/);
  writeFileSync(manifest, text.slice(0, 200));
  await refused({ masterKeyFile }, /damaged/);
  writeFileSync(manifest, text);
  const [database = ''] = readdirSync(join(at.directory, 'databases'));
  truncateSync(join(at.directory, 'databases', database), 4096);
  await refused({ masterKeyFile }, /SHA-256/);
  await assert.rejects(openKindred({ dataDir: at.dataDir, log: makeLog('silent') }), /did not end/);
});

const POINTS: readonly FaultPoint[] = [
  'restore.begun',
  'restore.database',
  'restore.blob',
  'restore.settled',
  'restore.identified',
];

test('a restore that died anywhere goes on, and is started from only when it is whole', async (t) => {
  const at = await place(t);
  await backUp(at);
  for (const point of POINTS) {
    await assert.rejects(run(at, throwAt(point)), new RegExp(point));
    await assert.rejects(
      openKindred({ dataDir: at.dataDir, log: makeLog('silent') }),
      /did not end/,
    );
  }
  assert.deepEqual((await run(at)).lost, []);
  await assert.rejects(run(at), /is not empty/);
  const call = await started(t, at);
  assert.equal((await call('Fsck')).DifferenceCount, 0);
  assert.equal((await call('DescribeImageFromFamily', FAMILY)).Image.ImageId, at.newer);
});
