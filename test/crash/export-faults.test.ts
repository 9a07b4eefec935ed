// Exports whose storage fails, as they are kept and converted: the task fails with its reason, nothing is
// left in the bucket, and what the conversion took is given back.
import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { canConvert } from '../../src/jobs/box.ts';
import { eventually } from './settle.ts';
import {
  diskOf,
  DISK_BYTES,
  EXPORTS,
  FAR,
  filesBelow,
  mounted,
  overwrite,
  remount,
  StorageScene,
  takeInodes,
  takeRoom,
  type Fault,
} from './storage-scene.ts';

const isMissing = spawnSync('qemu-img', ['--version']).error !== undefined || !(await canConvert());
const noQemu = isMissing && 'qemu-img is not installed';
const bytes = diskOf(1);

/** What is the same whether the bytes are copied into the bucket at once, or converted first. */
const failsAsAny = async (part: TestContext, scene: StorageScene, format?: string) => {
  const { bucketDisk } = scene;
  const noDisk = typeof bucketDisk === 'string' && bucketDisk;
  const source = await scene.imported('source.raw', FAR);
  const blob = scene.blobFile(FAR);
  const bucket = join(scene.buckets, EXPORTS);
  const begin = () => scene.export(source, format);
  const fails = (
    name: string,
    fault: Partial<Fault> & Pick<Fault, 'code'>,
    skip: string | false = false,
  ) => part.test(`${name}: ${fault.code}`, { skip }, () => scene.meets({ begin, ...fault }));
  const during = (change: () => void) => async () => (await scene.underWay(bucket), change());

  const fill = () => mounted(bucketDisk).fill();
  const drain = () => mounted(bucketDisk).drain();
  const code = 'NO_SPACE';
  await fails(
    'no room at the beginning',
    { begin: () => (fill(), begin()), code, undo: drain },
    noDisk,
  );
  await fails(
    'no room any more in the middle',
    { meanwhile: during(fill), code, undo: drain },
    noDisk,
  );
  let giveInodes = (): void => undefined;
  const inodes = () => ((giveInodes = takeInodes(mounted(bucketDisk))), begin());
  await fails('no inode', { begin: inodes, code, undo: () => giveInodes() }, noDisk);

  await fails('the bucket is closed', {
    begin: () => (chmodSync(bucket, 0o500), begin()),
    code: 'TARGET_UNWRITABLE',
    undo: () => chmodSync(bucket, 0o700),
  });
  await fails('the bucket is closed in the middle', {
    meanwhile: during(() => chmodSync(bucket, 0o500)),
    code: 'TARGET_UNWRITABLE',
    undo: () => {
      chmodSync(bucket, 0o700);
      // What the server could not take away itself.
      for (const path of filesBelow(bucket)) rmSync(path);
    },
  });
  const readOnly = () => (remount(mounted(bucketDisk), 'ro'), begin());
  const writable = () => remount(mounted(bucketDisk), 'rw');
  await fails('read-only', { begin: readOnly, code: 'TARGET_UNWRITABLE', undo: writable }, noDisk);

  await fails('the stored file is closed', {
    begin: () => (chmodSync(blob, 0), begin()),
    code: 'SOURCE_UNREADABLE',
    undo: () => chmodSync(blob, 0o600),
  });
  await fails('the stored file is away', {
    begin: () => (renameSync(blob, `${scene.far}/away`), begin()),
    code: 'SOURCE_MISSING',
    undo: () => renameSync(`${scene.far}/away`, blob),
  });
  const undo = () => writeFileSync(blob, bytes);
  await fails('rotten, and nothing tells', {
    begin: () => (overwrite(blob, true), begin()),
    code: 'SOURCE_DAMAGED',
    undo,
  });
  const staging = format === undefined ? bucket : join(scene.far, 'staging');
  await fails('cut short in the middle', {
    meanwhile: async () => (await scene.underWay(staging), truncateSync(blob, DISK_BYTES / 2)),
    code: 'SOURCE_CHANGED',
    undo,
  });
  return { source, blob, fails };
};

test('an export whose storage fails ends with the reason and leaves nothing', async (t) => {
  const scene = await StorageScene.open(t);
  scene.put('source.raw', bytes);
  const { source } = await failsAsAny(t, scene);
  await scene.finishes(await scene.export(source));
});

test('a conversion whose storage fails leaves nothing either', { skip: noQemu }, async (t) => {
  const scene = await StorageScene.open(t);
  scene.put('source.raw', bytes);
  const { source, fails } = await failsAsAny(t, scene, 'vhd');
  const { disk } = scene;
  const noDisk = typeof disk === 'string' && disk;
  const staging = join(scene.far, 'staging');
  await fails('the folder of what is converted is closed', {
    begin: () => (chmodSync(staging, 0o500), scene.export(source, 'vhd')),
    code: 'TARGET_UNWRITABLE',
    undo: () => chmodSync(staging, 0o700),
  });
  await fails(
    'no room for the source of the conversion',
    {
      meanwhile: async () => (await scene.underWay(staging), mounted(disk).fill()),
      code: 'NO_SPACE',
      undo: () => mounted(disk).drain(),
    },
    noDisk,
  );
  await scene.finishes(await scene.export(source, 'vhd'));
});

test('qemu-img itself meets a fault', { skip: noQemu }, async (t) => {
  // The server stands still between the copy that it made and the start of qemu-img.
  const scene = await StorageScene.open(t, 'export.boxed:1:hold');
  const { disk } = scene;
  scene.put('source.raw', bytes);
  const source = await scene.imported('source.raw', FAR);
  const begin = () => scene.export(source, 'vhd');
  const staging = join(scene.far, 'staging');
  const boxed = async (): Promise<string> => {
    const found = () =>
      filesBelow(staging).find(
        (path) => path.endsWith('.box/source') && statSync(path).size === DISK_BYTES,
      );
    assert.ok(await eventually(() => found() !== undefined));
    return found() ?? '';
  };
  const skip = typeof disk === 'string' && disk;
  let giveRoom = (): void => undefined;
  // To each format qemu-img says something else, and to some of them nothing of room.
  for (const format of ['vhd', 'qcow2', 'vmdk'])
    await t.test(`a disk that is full, for ${format}: NO_SPACE`, { skip }, () =>
      scene.meets({
        begin: () => scene.export(source, format),
        meanwhile: async () => {
          await boxed();
          giveRoom = takeRoom(mounted(disk));
        },
        code: 'NO_SPACE',
        undo: () => giveRoom(),
      }),
    );
  await t.test('a source that is not there any more: CONVERSION_FAILED', () =>
    scene.meets({
      begin,
      meanwhile: async () => rmSync(await boxed()),
      code: 'CONVERSION_FAILED',
    }),
  );
  assert.match(scene.server.log, /a conversion failed/);
  await scene.finishes(await begin());
});
