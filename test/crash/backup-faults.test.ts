// Backups whose folder fails: full, without an inode, closed, read-only. Each ends as Failed with its
// reason, takes nothing away from the backup before, which is restored all the same, and the next one ends.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { planRestore } from '../../src/server/backup/restore-plan.ts';
import { restore } from '../../src/server/backup/restore.ts';
import { systemClocks } from '../../src/lib/clock.ts';
import { noFaults } from '../../src/lib/fault.ts';
import { eventually } from './settle.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import {
  diskOf,
  filesBelow,
  HERE,
  mounted,
  remount,
  SERVER_UID,
  StorageScene,
  takeInodes,
  takeRoom,
} from './storage-scene.ts';

const DISK_MIB = 96;

const backUp = async (scene: StorageScene, Directory: string, meanwhile?: () => Promise<void>) => {
  const { BackupId } = await scene.api.must('CreateBackup', { Directory });
  await meanwhile?.();
  const describe = () => scene.api.must('DescribeBackup', { BackupId });
  await eventually(async () => (await describe()).Status !== 'Running');
  return describe();
};

const assertRestorable = async (
  t: TestContext,
  scene: StorageScene,
  directory: string,
  backupId: string,
): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-restored-'));
  t.after(() => rmSync(dataDir, { recursive: true }));
  const masterKeyFile = join(scene.server.dataDir, 'master.key');
  const plan = await planRestore({ directory, backupId, dataDir, masterKeyFile });
  const parts = { clocks: systemClocks, faults: noFaults, onProgress: () => undefined };
  const report = await restore(plan, parts);
  assert.deepEqual([report.lost, report.lostImages, report.blobCount], [[], [], 1]);
};

/** An empty folder of the server's, on a file system of its own where one can be mounted. */
const backupFolder = (t: TestContext): { disk: SmallDisk | string; directory: string } => {
  const disk = mountSmallDisk(DISK_MIB);
  const place = typeof disk === 'string' ? mkdtempSync(join(tmpdir(), 'kindred-b-')) : disk.path;
  t.after(() => (typeof disk === 'string' ? rmSync(place, { recursive: true }) : disk.remove()));
  const directory = join(place, 'backups');
  mkdirSync(directory);
  if (SERVER_UID !== undefined) chownSync(directory, SERVER_UID, SERVER_UID);
  return { disk, directory };
};

interface Fault {
  before?(): void;
  meanwhile?(): Promise<void>;
  undo(): void;
  code: string;
}

test('a backup whose folder fails harms nothing', async (t) => {
  const { disk, directory } = backupFolder(t);
  const skip = typeof disk === 'string' && disk;
  const scene = await StorageScene.open(t);
  scene.put('1.raw', diskOf(1));
  await scene.imported('1.raw', HERE);
  const first = await backUp(scene, directory);
  assert.equal(first.Status, 'Finished', first.ErrorMessage);
  scene.put('2.raw', diskOf(2));
  await scene.imported('2.raw', HERE);
  const heldBefore = filesBelow(directory);

  const fails = (name: string, { before, meanwhile, undo, code }: Fault, skipped: string | false) =>
    t.test(`${name}: ${code}`, { skip: skipped }, async (part) => {
      try {
        before?.();
        const run = await backUp(scene, directory, meanwhile);
        assert.deepEqual([run.Status, run.ErrorCode], ['Failed', code], run.ErrorMessage);
        assert.match(run.ErrorMessage, /^[A-Z].*[.)]$/);
        await assertRestorable(part, scene, directory, first.BackupId);
      } finally {
        undo();
      }
      assert.equal((await scene.api.must('Fsck')).DifferenceCount, 0);
      // Disks that are whole may stay, for the backup after.
      const isNew = (path: string): boolean => !heldBefore.includes(path);
      const left = filesBelow(directory).filter(isNew);
      assert.deepEqual(
        left.filter((path) => !path.includes('/blobs/sha256/')),
        [],
      );
    });

  let give = (): void => undefined;
  const undo = () => give();
  const copying = () => scene.underWay(join(directory, 'partial'), '.part');
  await fails(
    'no room',
    { before: () => (give = takeRoom(mounted(disk))), undo, code: 'NO_SPACE' },
    skip,
  );
  await fails(
    'no room any more in the middle of a disk',
    {
      meanwhile: async () => (await copying(), void (give = takeRoom(mounted(disk)))),
      undo,
      code: 'NO_SPACE',
    },
    skip,
  );
  await fails(
    'no inode',
    { before: () => (give = takeInodes(mounted(disk))), undo, code: 'NO_SPACE' },
    skip,
  );
  await fails(
    'read-only',
    {
      before: () => remount(mounted(disk), 'ro'),
      undo: () => remount(mounted(disk), 'rw'),
      code: 'TARGET_UNWRITABLE',
    },
    skip,
  );
  // Into the folder itself nothing is written: closed alone it harms no backup.
  for (const folder of ['partial', 'blobs/sha256', 'databases', 'backups'])
    await fails(
      `the folder ${folder} is closed`,
      {
        before: () => chmodSync(join(directory, folder), 0o500),
        undo: () => chmodSync(join(directory, folder), 0o700),
        code: 'TARGET_UNWRITABLE',
      },
      false,
    );

  const last = await backUp(scene, directory);
  assert.deepEqual([last.Status, last.BlobCount], ['Finished', 2], last.ErrorMessage);
  assert.deepEqual(readdirSync(join(directory, 'partial')), []);
});
