// Limits of the controls for tests, as docs/guide/limits.md tells them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import { operations } from '../operations/index.ts';
import { startKindred } from './start-kindred.ts';

const kindred = await startKindred();
after(() => kindred.close());

test('a failing task is for four operations', () => {
  const taken = [...new Set(operations.map(({ action }) => action))].filter((Operation) => {
    try {
      kindred.faults.add({ Operation, Kind: 'fail-task' });
      return true;
    } catch {
      return false;
    }
  });
  kindred.faults.clear();
  assert.deepEqual(taken.toSorted(), ['CopyImage', 'CreateImage', 'ExportImage', 'ImportImage']);
});

test('the object door meets no faults and is not among the calls', async () => {
  await using world = await kindred.world();
  world.faults.add({ Operation: '*', Kind: 'error', Code: 'Throttling.User' });
  const date = new Date().toUTCString();
  const { accessKeyId, accessKeySecret } = world.accessKey;
  const text = `GET\n\n\n${date}\n/`;
  const signature = createHmac('sha1', accessKeySecret).update(text).digest('base64');
  const { status } = await fetch(world.endpoint, {
    headers: { date, authorization: `OSS ${accessKeyId}:${signature}` },
  });
  assert.equal(status, 200);
  assert.deepEqual(world.calls(), []);
  assert.equal(world.faults.list().length, 1);
  await assert.rejects(world.client().describeRegions(), { code: 'Throttling.User' });
});

test('a world keeps sixteen snapshots', async () => {
  await using world = await kindred.world();
  for (let i = 0; i < 16; i++) await world.snapshot(`s${i}`);
  await assert.rejects(world.snapshot('one-more'), /16 snapshots are kept already/);
  await world.snapshot('s0'); // the same name again takes its place
});

test('a hundred faults wait in a world', () => {
  for (let i = 0; i < 100; i++) kindred.faults.add({ Operation: '*', Kind: 'delay', Delay: 1 });
  assert.throws(
    () => kindred.faults.add({ Operation: '*', Kind: 'delay', Delay: 1 }),
    /100 faults wait already/,
  );
  kindred.faults.clear();
});

test('a seed has no images in work', async () => {
  for (const Status of ['Creating', 'Waiting'])
    await assert.rejects(
      kindred.seed({ Images: [{ ImageName: 'one', Status }] } as Parameters<
        typeof kindred.seed
      >[0]),
      /Images\[0\]\.Status/,
    );
});
