import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isObjectKey } from './object-names.ts';
import {
  nameObject,
  syncObject,
  takeAway,
  unfinishedPath,
  versionAt,
} from './unfinished-objects.ts';

const makeBucket = (t: TestContext) => {
  const bucketsRoot = mkdtempSync(join(tmpdir(), 'kindred-bucket-'));
  t.after(() => rmSync(bucketsRoot, { recursive: true, force: true }));
  const folder = { bucketsRoot, bucket: 'golden' };
  mkdirSync(join(bucketsRoot, 'golden'));
  /** A file that has grown; gives its path and version. */
  const grow = async (text = 'bytes') => {
    const path = unfinishedPath(folder, 'upload-u-1');
    writeFileSync(path, text);
    const version = await versionAt(path);
    assert.ok(version);
    return { path, version };
  };
  return { folder, root: join(bucketsRoot, 'golden'), grow };
};

test('a file takes the name of its object, in folders that are made for it', async (t) => {
  const { folder, root, grow } = makeBucket(t);
  const { path, version } = await grow();
  assert.equal(await nameObject(folder, path, 'a/b/disk.raw', version), 'named');
  await syncObject(folder, 'a/b/disk.raw');
  assert.equal(readFileSync(join(root, 'a/b/disk.raw'), 'utf8'), 'bytes');
  assert.deepEqual(readdirSync(root), ['a']);
  assert.equal(await nameObject(folder, path, 'a/b/disk.raw', version), 'named', 'once more');
  const other = await grow('other');
  assert.equal(await nameObject(folder, other.path, 'c', version), 'missing');
});

test('what is in the way of a name is neither replaced nor followed', async (t) => {
  const { folder, root, grow } = makeBucket(t);
  const outside = mkdtempSync(join(tmpdir(), 'kindred-outside-'));
  t.after(() => rmSync(outside, { recursive: true, force: true }));
  writeFileSync(join(root, 'file'), '');
  mkdirSync(join(root, 'folder'));
  symlinkSync(outside, join(root, 'link'));
  const { path, version } = await grow();
  for (const object of ['file/x', 'folder', 'link/x', 'link/deep/x'])
    assert.equal(await nameObject(folder, path, object, version), 'taken', object);
  assert.deepEqual(readdirSync(outside), []);
  assert.equal(await versionAt(path), version);
});

test('only the own file is taken away', async (t) => {
  const { folder, root, grow } = makeBucket(t);
  const { path, version } = await grow();
  assert.equal(await nameObject(folder, path, 'disk.raw', version), 'named');
  rmSync(join(root, 'disk.raw'));
  writeFileSync(join(root, 'disk.raw'), 'of somebody else');
  await takeAway(folder, path, 'disk.raw', version);
  assert.deepEqual(readdirSync(root), ['disk.raw']);
});

test('a name that grows is no key, and leads nowhere else', (t) => {
  const { folder, root } = makeBucket(t);
  assert.equal(unfinishedPath(folder, 'export-t-bp1.1'), join(root, '.kindred-export-t-bp1.1'));
  assert.equal(isObjectKey('.kindred-export-t-bp1.1'), false);
  assert.equal(isObjectKey('.Kindred-upload-1/x'), false);
  for (const name of [
    '',
    'upload',
    'upload-',
    'upload-../x',
    'up/load-1',
    'UPLOAD-1',
    'upload-a/b',
  ])
    assert.throws(() => unfinishedPath(folder, name), RangeError, name);
});
