// Imports whose storage fails: no room, no right, a source that is changed or taken away. Each fails with
// its reason, gives back what it took, and leaves nothing for Fsck to find.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  diskOf,
  DISK_BYTES,
  FAR,
  mounted,
  overwrite,
  remount,
  SERVER_UID,
  StorageScene,
  takeInodes,
  type Fault,
} from './storage-scene.ts';

const SOURCE = 'source.raw';
const bytes = diskOf(1);
/** Root may not change the limits of another user's process everywhere. */
const asServer = SERVER_UID === undefined ? {} : { uid: SERVER_UID, gid: SERVER_UID };

test('an import whose storage fails ends with the reason and gives everything back', async (t) => {
  const scene = await StorageScene.open(t);
  const { disk, far } = scene;
  scene.put('first.raw', diskOf(2));
  const begin = () => scene.import([SOURCE]);
  const failing =
    (of: TestContext) =>
    (name: string, fault: Partial<Fault> & Pick<Fault, 'code'>, skip: string | false = false) =>
      of.test(`${name}: ${fault.code}`, { skip }, async () => {
        scene.put(SOURCE, bytes);
        await scene.meets({ begin, ...fault });
      });

  await t.test('no room', async (part) => {
    const fails = failing(part);
    const skip = typeof disk === 'string' && disk;
    await fails(
      'none at the beginning',
      {
        begin: () => (mounted(disk).fill(), begin()),
        code: 'NO_SPACE',
        undo: () => mounted(disk).drain(),
      },
      skip,
    );
    await fails(
      'none any more in the middle',
      {
        meanwhile: async () => (await scene.underWay(), mounted(disk).fill()),
        code: 'NO_SPACE',
        undo: () => mounted(disk).drain(),
      },
      skip,
    );
    let giveInodes = (): void => undefined;
    await fails(
      'no inode',
      {
        begin: () => ((giveInodes = takeInodes(mounted(disk))), begin()),
        code: 'NO_SPACE',
        undo: () => giveInodes(),
      },
      skip,
    );
    const limit = (most: string): void =>
      void execFileSync('prlimit', [`--pid=${scene.server.pid}`, `--fsize=${most}:`], asServer);
    await fails('files may not be so large', {
      begin: () => (limit(String(DISK_BYTES / 2)), begin()),
      code: 'NO_SPACE',
      undo: () => limit('unlimited'),
    });
  });

  await t.test('no right to write', async (part) => {
    const fails = failing(part);
    mkdirSync(join(far, 'sha256'), { recursive: true });
    for (const folder of ['staging', 'sha256'])
      await fails(`the folder ${folder} is closed`, {
        begin: () => (chmodSync(join(far, folder), 0o500), begin()),
        code: 'TARGET_UNWRITABLE',
        undo: () => chmodSync(join(far, folder), 0o700),
      });
    await fails(
      'the file system is read-only',
      {
        begin: () => (remount(mounted(disk), 'ro'), begin()),
        code: 'TARGET_UNWRITABLE',
        undo: () => remount(mounted(disk), 'rw'),
      },
      typeof disk === 'string' && disk,
    );
  });

  await t.test('no right to read', async (part) => {
    const fails = failing(part);
    // Closed while the first disk is copied: what that took is given back too.
    const two = () => scene.import(['first.raw', SOURCE]);
    const folder = join(scene.buckets, 'images');
    for (const [what, path, mode] of [
      ['object', scene.object(SOURCE), 0o644],
      ['bucket', folder, 0o755],
    ] as const)
      await fails(`the ${what} is closed while the first disk is copied`, {
        begin: two,
        meanwhile: async () => (await scene.underWay(), chmodSync(path, 0)),
        code: 'SOURCE_UNREADABLE',
        undo: () => chmodSync(path, mode),
      });
    await part.test('closed before the call it is not taken', async () => {
      chmodSync(scene.object(SOURCE), 0);
      const answer = await scene.api.call('ImportImage', {
        RegionId: FAR,
        'DiskDeviceMapping.1.OSSBucket': 'images',
        'DiskDeviceMapping.1.OSSObject': SOURCE,
      });
      assert.ok(answer.outcome === 'refused', JSON.stringify(answer));
      assert.deepEqual([answer.status, answer.code], [403, 'InvalidOSS.NotAuthorized']);
      chmodSync(scene.object(SOURCE), 0o644);
    });
  });

  await t.test('the source changes', async (part) => {
    const fails = failing(part);
    const path = scene.object(SOURCE);
    const changes: Readonly<Record<string, () => void>> = {
      'cut short': () => truncateSync(path, DISK_BYTES / 2),
      'made longer': () => appendFileSync(path, 'more'),
      'written to': () => overwrite(path),
      touched: () => utimesSync(path, 1, 1),
    };
    for (const [name, change] of Object.entries(changes))
      await fails(`${name} in the middle`, {
        meanwhile: async () => (await scene.underWay(), change()),
        code: 'SOURCE_CHANGED',
      });
    const replace = (): void => renameSync(scene.put('other.raw', diskOf(3)), path);
    for (const [name, change, code] of [
      ['replaced', replace, 'SOURCE_CHANGED'],
      ['taken away', () => rmSync(path), 'SOURCE_MISSING'],
    ] as const)
      await fails(`${name} before its turn`, {
        begin: () => scene.import(['first.raw', SOURCE]),
        meanwhile: async () => (await scene.underWay(), change()),
        code,
      });
  });

  await t.test('afterwards the same import is taken', async () => {
    scene.put(SOURCE, bytes);
    await scene.imported(SOURCE);
    assert.equal((await scene.api.must('Fsck')).DifferenceCount, 0);
  });
});
