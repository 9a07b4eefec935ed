import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { leftoversIn, leftoverSource } from './bucket-leftovers.ts';
import { beginParts } from './bucket-parts.ts';
import { walkGarbage } from './garbage.ts';

const DAY_MS = 24 * 3600 * 1000;

const open = (t: TestContext) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-leftovers-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const bucket = join(root, 'images');
  mkdirSync(bucket);
  const nowMs = Date.now();
  const age = (path: string, days: number): void => {
    const seconds = (nowMs - days * DAY_MS) / 1000;
    utimesSync(join(bucket, path), seconds, seconds);
  };
  /** Removes one by one, each in a walk of its own, exactly what a plan had told. */
  const sweep = async (expiryDays: number): Promise<number> => {
    const limits = { nowMs, multipartExpiryMs: expiryDays * DAY_MS };
    const source = leftoverSource(root, () => limits);
    const [planned, removed]: string[][] = [[], []];
    const note = (names: string[]) => (garbage: { name: string }) => void names.push(garbage.name);
    await walkGarbage([source], { isPlan: true, found: note(planned!) });
    let from;
    do {
      from = await walkGarbage([source], {
        isPlan: false,
        isEnough: (found) => found > 0,
        ...(from && { from }),
        found: note(removed!),
      });
    } while (from !== undefined);
    assert.deepEqual(removed, planned);
    return removed!.length;
  };
  return { root, bucket, age, sweep };
};

test('only bodies that nobody has written for a day are removed', async (t) => {
  const { root, bucket, age, sweep } = open(t);
  for (const name of ['.kindred-put-old', '.kindred-put-new', '.kindred-upload-old', 'object'])
    writeFileSync(join(bucket, name), 'x');
  for (const name of ['.kindred-put-old', '.kindred-upload-old', 'object']) age(name, 2);
  assert.equal(await sweep(7), 1);
  const left = ['.kindred-put-new', '.kindred-upload-old', 'object'];
  assert.deepEqual(readdirSync(bucket).toSorted(), left);
  for await (const { name } of leftoversIn(join(root, 'none'))) assert.fail(name);
});

test('an upload in parts goes once it has had no new part for long', async (t) => {
  const { root, bucket, age, sweep } = open(t);
  const begin = async (object: string, partDays: number) => {
    const uploadId = await beginParts(bucket, { object, initiatedMs: 0, facts: {} });
    const folder = `.kindred-parts-${uploadId.toLowerCase()}`;
    writeFileSync(join(bucket, folder, 'part.growing'), '12345');
    age(`${folder}/upload.json`, 30);
    age(`${folder}/part.growing`, partDays);
    age(folder, 30);
    return { uploadId, folder };
  };
  const stale = await begin('stale', 8);
  const active = await begin('active', 1);
  // What a crash leaves of an upload that was completed.
  mkdirSync(join(bucket, '.kindred-dropped-1'));
  writeFileSync(join(bucket, '.kindred-dropped-1', 'part'), 'x');
  age('.kindred-dropped-1/part', 2);
  age('.kindred-dropped-1', 2);
  const told = [];
  for await (const { object, uploadId, sizeBytes } of leftoversIn(root))
    told.push({ object, uploadId, isMore: sizeBytes > 5 });
  assert.deepEqual(
    told
      .filter(({ uploadId }) => uploadId !== '')
      .toSorted((a, b) => (a.object < b.object ? -1 : 1)),
    [
      { object: 'active', uploadId: active.uploadId, isMore: true },
      { object: 'stale', uploadId: stale.uploadId, isMore: true },
    ],
  );
  assert.equal(told.length, 3);
  assert.equal(await sweep(Infinity), 1);
  assert.equal(await sweep(7), 1);
  assert.deepEqual(readdirSync(bucket), [active.folder]);
});
