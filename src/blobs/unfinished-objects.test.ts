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
import { versionAt } from './file-version.ts';
import { growthPath } from './growth-place.ts';
import { isObjectKey } from './object-names.ts';
import { nameObject, takeAway } from './unfinished-objects.ts';

const makeBucket = (t: TestContext) => {
  const bucketsRoot = mkdtempSync(join(tmpdir(), 'kindred-bucket-'));
  t.after(() => rmSync(bucketsRoot, { recursive: true, force: true }));
  const folder = join(bucketsRoot, 'golden');
  mkdirSync(folder);
  const growing = (name: string) => growthPath({ growthRoot: bucketsRoot }, 'golden', name);
  /** A file that has grown; gives its path and version. */
  const grow = async (text = 'bytes') => {
    const path = growing('upload-u-1');
    writeFileSync(path, text);
    const version = await versionAt(path);
    assert.ok(version);
    return { path, version };
  };
  return { folder, grow, growing };
};

test('a file takes the name of its object, in folders that are made for it', async (t) => {
  const { folder, grow } = makeBucket(t);
  const { path, version } = await grow();
  assert.equal(await nameObject(folder, path, 'a/b/disk.raw', version), 'named');
  assert.equal(readFileSync(join(folder, 'a/b/disk.raw'), 'utf8'), 'bytes');
  assert.deepEqual(readdirSync(folder), ['a']);
  assert.equal(await nameObject(folder, path, 'a/b/disk.raw', version), 'named', 'once more');
  const other = await grow('other');
  assert.equal(await nameObject(folder, other.path, 'c', version), 'missing');
});

test('what is in the way of a name is neither replaced nor followed', async (t) => {
  const { folder, grow } = makeBucket(t);
  const outside = mkdtempSync(join(tmpdir(), 'kindred-outside-'));
  t.after(() => rmSync(outside, { recursive: true, force: true }));
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'folder'));
  symlinkSync(outside, join(folder, 'link'));
  const { path, version } = await grow();
  for (const object of ['file/x', 'folder', 'link/x', 'link/deep/x'])
    assert.equal(await nameObject(folder, path, object, version), 'taken', object);
  assert.deepEqual(readdirSync(outside), []);
  assert.equal(await versionAt(path), version);
});

test('only the own file is taken away', async (t) => {
  const { folder, grow } = makeBucket(t);
  const { path, version } = await grow();
  assert.equal(await nameObject(folder, path, 'disk.raw', version), 'named');
  rmSync(join(folder, 'disk.raw'));
  writeFileSync(join(folder, 'disk.raw'), 'of somebody else');
  await takeAway(folder, path, 'disk.raw', version);
  assert.deepEqual(readdirSync(folder), ['disk.raw']);
});

test('a name that grows is no key, and leads nowhere else', (t) => {
  const { folder, growing } = makeBucket(t);
  assert.equal(growing('export-t-bp1.1'), join(folder, '.kindred-export-t-bp1.1'));
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
    assert.throws(() => growing(name), RangeError, name);
});
