// `kindred seed apply` and `export` against a server and against its data directory.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCliScene } from '../../testing/cli-scene.ts';

const IMAGES = Array.from({ length: 250 }, (_, i) => ({
  ImageName: `web-${i}`,
  ImageFamily: `web-${i % 50}`,
  CreationTime: `-${i + 1}h`,
}));

test('a file is applied in pieces, exported, and applied again without a server', async (t) => {
  const scene = await openCliScene(t, '--test-controls');
  const file = join(scene.root, 'seed.json');
  const Accounts = [{ AccountName: 'build-team' }];
  writeFileSync(file, JSON.stringify({ Accounts, Images: IMAGES }));
  const applied = await scene.run('seed', 'apply', file);
  assert.deepEqual(
    [applied.exitCode, applied.stdout],
    [0, 'made 250 images and 1 accounts; 0 images were there\n'],
    applied.stderr,
  );
  const exported = await scene.run('seed', 'export');
  assert.equal(exported.exitCode, 0, exported.stderr);
  const text = exported.stdout;
  assert.deepEqual(
    JSON.parse(text).Images.map(({ ImageName }: { ImageName: string }) => ImageName),
    IMAGES.map(({ ImageName }) => ImageName).toReversed(),
  );
  writeFileSync(file, text);
  await scene.stop();
  const again = await scene.run('seed', 'apply', file, '--json');
  assert.deepEqual(
    JSON.parse(again.stdout),
    { AccountCount: 0, ImageCount: 0, LeftCount: 250 },
    again.stderr,
  );
  assert.equal((await scene.run('seed', 'export')).stdout, text);
});

test('a fault has its place in the file, and a registry takes no seed', async (t) => {
  const scene = await openCliScene(t, '--test-controls');
  const file = join(scene.root, 'seed.json');
  const apply = async (value: unknown) => {
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    return scene.run('seed', 'apply', file);
  };
  // The last by time stands first in the file.
  const wrong = [{ ImageName: 'new', CreationTime: '-1h', Status: 'Gone' }, ...IMAGES.slice(1)];
  const refused = await apply({ Images: wrong });
  assert.equal(refused.exitCode, 1);
  assert.match(refused.stderr, /InvalidSeed: Images\[0\]\.Status: expected Available, /);
  assert.match(
    (await apply({ Imges: [] })).stderr,
    /Imges: there is no such key\. Did you mean Images\?/,
  );
  assert.match((await apply({ Images: {} })).stderr, /Images: expected a list, found an object/);
  assert.match((await apply([])).stderr, /InvalidSeed: expected an object, found a list/);
  const unread = await apply('{');
  assert.deepEqual([unread.exitCode, /cannot be read as JSON/.test(unread.stderr)], [2, true]);
  assert.equal((await scene.run('seed', 'apply')).exitCode, 2);
  assert.match((await scene.run('seed', 'aply')).stderr, /Did you mean apply\?/);

  const registry = await openCliScene(t);
  writeFileSync(file, '{"Images":[]}');
  const denied = await registry.run('seed', 'apply', file);
  assert.equal(denied.exitCode, 1);
  assert.match(denied.stderr, /NotForTests: .* start with --ephemeral/);
});
