import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CreateBackup } from './CreateBackup.ts';

const folder = (t: Pick<TestContext, 'after'>): string => {
  const path = mkdtempSync(join(tmpdir(), 'kindred-backup-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

testOperation(CreateBackup, {
  NoPermission: async (t) => t.call({ Directory: '/nowhere/b' }, { as: await t.k.newAccount() }),
  MissingParameter: (t) => t.call({}),
  InvalidParameter: (t) => t.call({ Directory: '/nowhere/b', Keep: '0' }),
  InvalidDirectory: (t) => t.call({ Directory: 'relative/path' }),
  'Operation.Conflict': async (t) => {
    const Directory = join(t.k.dataDir, '..', `${t.k.accountId}-backup`);
    await t.k.call('CreateBackup', { Directory });
    try {
      return await t.call({ Directory });
    } finally {
      await t.k.kindred.backups.settled();
      rmSync(Directory, { recursive: true });
    }
  },
});

test('a second backup copies only what is new, and both are listed', async (t) => {
  const k = await kindred(t);
  const Directory = join(folder(t), 'deep/er');
  const backUp = async (more = {}) => {
    const { BackupId } = await k.call('CreateBackup', { Directory, ...more });
    await k.kindred.backups.settled();
    return k.call('DescribeBackup', { BackupId });
  };
  await k.importImage();
  const first = await backUp();
  assert.equal(first.Status, 'Finished', first.ErrorMessage);
  assert.deepEqual([first.BlobCount, first.NewBlobCount, first.LostCount], [1, 1, 0]);
  assert.equal(first.CopiedBytes, first.BlobBytes);
  await k.importImage();
  const second = await backUp({ WithMasterKey: 'true' });
  assert.deepEqual([second.BlobCount, second.NewBlobCount], [2, 1]);
  const listed = (await k.call('DescribeBackups', { Directory })).Backups.Backup;
  assert.deepEqual(
    listed.map((backup: typeof first) => [backup.BackupId, backup.ImageCount, backup.HasMasterKey]),
    [
      [first.BackupId, 1, 'False'],
      [second.BackupId, 2, 'True'],
    ],
  );
  assert.notEqual(first.BackupId, second.BackupId, 'the clock stands still, ids do not');
  assert.equal(
    readFileSync(join(Directory, 'master-keys', second.MasterKeyId), 'utf8'),
    readFileSync(join(k.dataDir, 'master.key'), 'utf8'),
  );
});

test('a folder is refused that is the server’s, foreign, or not empty', async (t) => {
  const k = await kindred(t);
  const path = folder(t);
  const refusal = async (Directory: string) =>
    (await k.refused('CreateBackup', { Directory })).message;
  assert.match(await refusal(join(k.dataDir, 'backup')), /overlaps/);
  assert.match(await refusal(tmpdir()), /overlaps/);
  symlinkSync(k.dataDir, join(path, 'link'));
  assert.match(await refusal(join(path, 'link/backup')), /overlaps/);
  symlinkSync(join(path, 'nothing'), join(path, 'dangling'));
  assert.match(await refusal(join(path, 'dangling')), /leads nowhere/);
  assert.match(await refusal(path), /is not empty/);
  writeFileSync(join(path, 'file'), '');
  assert.match(await refusal(join(path, 'file')), /leads nowhere/);
  mkdirSync(join(path, 'foreign'));
  const mark = join(path, 'foreign/kindred-backups.json');
  writeFileSync(mark, '{"format":1,"instanceId":"another"}');
  assert.match(await refusal(join(path, 'foreign')), /another Kindred/);
  writeFileSync(mark, '{"format":2,"instanceId":"another"}');
  assert.match(await refusal(join(path, 'foreign')), /format 2/);
  assert.ok(!existsSync(join(path, 'foreign/backups')));
});

test('Keep takes old backups away, and the bytes that only they named', async (t) => {
  const k = await kindred(t);
  const Directory = join(folder(t), 'b');
  const backUp = async (more = {}) => {
    const { BackupId } = await k.call('CreateBackup', { Directory, ...more });
    await k.kindred.backups.settled();
    return k.call('DescribeBackup', { BackupId });
  };
  const { imageId, snapshotId } = await k.importImage();
  await backUp();
  await k.call('DeleteImage', { RegionId: 'cn-hangzhou', ImageId: imageId });
  await k.call('DeleteSnapshot', { SnapshotId: snapshotId });
  await k.importImage();
  const second = await backUp();
  assert.deepEqual([second.BlobCount, second.PrunedCount], [1, 0]);
  const third = await backUp({ Keep: '2' });
  assert.deepEqual([third.Status, third.NewBlobCount, third.PrunedCount], ['Finished', 0, 1]);
  const { Backup } = (await k.call('DescribeBackups', { Directory })).Backups;
  assert.deepEqual(
    Backup.map(({ BackupId }: typeof second) => BackupId),
    [second.BackupId, third.BackupId],
  );
  const blobs = readdirSync(join(Directory, 'blobs'), { recursive: true, withFileTypes: true });
  assert.equal(blobs.filter((entry) => entry.isFile()).length, 1);
});
