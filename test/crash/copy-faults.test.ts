// Copies between regions with separate stores whose storage fails, at the source's end or at the target's:
// each fails with its reason, gives back what it took, and leaves the source as it is.
import { chmodSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  diskOf,
  DISK_BYTES,
  HERE,
  mounted,
  overwrite,
  remount,
  StorageScene,
  takeInodes,
  type Fault,
} from './storage-scene.ts';

test('a copy whose storage fails ends with the reason and gives everything back', async (t) => {
  const scene = await StorageScene.open(t);
  const { disk, far } = scene;
  const skip = typeof disk === 'string' && disk;
  const bytes = diskOf(1);
  scene.put('source.raw', bytes);
  const source = await scene.imported('source.raw', HERE);
  const blob = scene.blobFile(HERE);
  const begin = () => scene.copy(source);
  const failing =
    (of: TestContext) =>
    (name: string, fault: Partial<Fault> & Pick<Fault, 'code'>, skipped: string | false = false) =>
      of.test(`${name}: ${fault.code}`, { skip: skipped }, () => scene.meets({ begin, ...fault }));

  await t.test('no room', async (part) => {
    const fails = failing(part);
    const undo = () => mounted(disk).drain();
    const fill = () => mounted(disk).fill();
    const full = { begin: () => (fill(), begin()), code: 'NO_SPACE', undo };
    await fails('none at the beginning', full, skip);
    const meanwhile = async () => (await scene.underWay(), fill());
    await fails('none any more in the middle', { meanwhile, code: 'NO_SPACE', undo }, skip);
    let giveInodes = (): void => undefined;
    const inodes = () => ((giveInodes = takeInodes(mounted(disk))), begin());
    await fails('no inode', { begin: inodes, code: 'NO_SPACE', undo: () => giveInodes() }, skip);
  });

  await t.test('no right to write', async (part) => {
    const fails = failing(part);
    for (const folder of ['staging', 'sha256'])
      await fails(`the folder ${folder} of the target is closed`, {
        begin: () => (chmodSync(join(far, folder), 0o500), begin()),
        code: 'TARGET_UNWRITABLE',
        undo: () => chmodSync(join(far, folder), 0o700),
      });
    const undo = () => remount(mounted(disk), 'rw');
    const readOnly = () => (remount(mounted(disk), 'ro'), begin());
    await fails('read-only', { begin: readOnly, code: 'TARGET_UNWRITABLE', undo }, skip);
  });

  await t.test('no right to read', async (part) => {
    const fails = failing(part);
    const folder = join(scene.server.dataDir, 'blobs', 'sha256');
    for (const [what, path, mode] of [
      ['stored file', blob, 0o600],
      ['folder of the store', folder, 0o700],
    ] as const)
      await fails(`the ${what} is closed`, {
        begin: () => (chmodSync(path, 0), begin()),
        code: 'SOURCE_UNREADABLE',
        undo: () => chmodSync(path, mode),
      });
  });

  await t.test('the stored bytes are not what they were', async (part) => {
    const fails = failing(part);
    const undo = () => writeFileSync(blob, bytes);
    const during = (change: () => void) => async () => (await scene.underWay(), change());
    await fails('cut short in the middle', {
      meanwhile: during(() => truncateSync(blob, DISK_BYTES / 2)),
      code: 'SOURCE_CHANGED',
      undo,
    });
    await fails('written to in the middle', {
      meanwhile: during(() => overwrite(blob)),
      code: 'SOURCE_CHANGED',
      undo,
    });
    await fails('rotten, and nothing tells', {
      begin: () => (overwrite(blob, true), begin()),
      code: 'SOURCE_DAMAGED',
      undo,
    });
    await fails('away', {
      begin: () => (renameSync(blob, join(scene.server.dataDir, 'away')), begin()),
      code: 'SOURCE_MISSING',
      undo: () => renameSync(join(scene.server.dataDir, 'away'), blob),
    });
  });

  await t.test('afterwards the same copy is made', async () => {
    const made = await scene.copy(source);
    await scene.becomesAvailable(made);
    rmSync(scene.object('source.raw'));
  });
});
