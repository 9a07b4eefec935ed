import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { GrowthStopped, growFile, grownBytes } from './growing-file.ts';
import { hashFile } from './hash-file.ts';

const KIB = 1024;

const scene = async (t: TestContext): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'kindred-grow-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return join(dir, 'file');
};

async function* inChunks(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

const growth = (path: string, bytes: Uint8Array, chunkBytes = 10_000) => ({
  path,
  offset: 0,
  limitBytes: bytes.length,
  source: inChunks(bytes, chunkBytes),
  floorBytes: 0,
});

test('bytes arrive whole, whatever the chunks, and are told one by one', async (t) => {
  const path = await scene(t);
  const bytes = randomBytes(700_001);
  for (const chunkBytes of [1_000, 65_536, 262_144, 700_001]) {
    let told = 0;
    const end = await growFile({
      ...growth(path, bytes, chunkBytes),
      onChunk: (n) => (told += n),
    });
    assert.equal(end, bytes.length);
    assert.equal(told, bytes.length);
    assert.ok((await readFile(path)).equals(bytes));
  }
  assert.equal(await hashFile(path), createHash('sha256').update(bytes).digest('hex'));
});

test('zeros become holes, at the end too, and the length says how far it is', async (t) => {
  const path = await scene(t);
  const bytes = Buffer.alloc(32 * 1024 * KIB);
  randomBytes(4 * KIB).copy(bytes, 8 * 1024 * KIB);
  assert.equal(await growFile(growth(path, bytes, 64 * KIB)), bytes.length);
  const found = await stat(path);
  assert.equal(found.size, bytes.length);
  assert.ok(found.blocks * 512 <= 512 * KIB, `${found.blocks * 512} bytes are allocated`);
  assert.ok((await readFile(path)).equals(bytes));
});

test('a broken stream leaves what came, and the rest goes behind it', async (t) => {
  const path = await scene(t);
  const bytes = randomBytes(900_000);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* inChunks(bytes.subarray(0, 400_000), 7_777);
    throw new Error('the client went away');
  }
  const stopped = await growFile({ ...growth(path, bytes), source: broken() });
  assert.equal(stopped, 400_000);
  assert.equal(await grownBytes(path), 400_000);
  const rest = inChunks(bytes.subarray(stopped), 5_000);
  await growFile({ ...growth(path, bytes), offset: stopped, source: rest });
  assert.ok((await readFile(path)).equals(bytes));
});

test('an offset before the end cuts the file off there; one behind it is refused', async (t) => {
  const path = await scene(t);
  await writeFile(path, 'old bytes of a longer file');
  const bytes = Buffer.from('ONE');
  assert.equal(await growFile({ ...growth(path, bytes), offset: 4, limitBytes: 100 }), 7);
  assert.equal(await readFile(path, 'utf8'), 'old ONE');
  await assert.rejects(
    growFile({ ...growth(path, bytes), offset: 8, limitBytes: 100 }),
    (error) => error instanceof GrowthStopped && error.fault === 'UNWRITABLE',
  );
});

test('of a source that brings more than the limit nothing is kept', async (t) => {
  const path = await scene(t);
  const bytes = randomBytes(600_000);
  await assert.rejects(
    growFile({ ...growth(path, bytes), limitBytes: 599_999 }),
    (error) => error instanceof GrowthStopped && error.fault === 'TOO_LONG',
  );
  assert.equal(await grownBytes(path), 0);
  const told = new Error('told by whoever counts before');
  async function* counted(): AsyncGenerator<Uint8Array> {
    yield bytes;
    throw told;
  }
  await assert.rejects(
    growFile({ ...growth(path, bytes), source: counted(), isTooLong: (error) => error === told }),
    (error) => error instanceof GrowthStopped && error.fault === 'TOO_LONG',
  );
  assert.equal(await grownBytes(path), 0);
});

test('without room above the floor nothing is taken', async (t) => {
  const path = await scene(t);
  await assert.rejects(
    growFile({ ...growth(path, randomBytes(10)), floorBytes: Number.MAX_SAFE_INTEGER }),
    (error) => error instanceof GrowthStopped && error.fault === 'NO_SPACE',
  );
  assert.equal(await grownBytes(path), 0);
});

test('a link in the place of the file is never written through', async (t) => {
  const path = await scene(t);
  await writeFile(`${path}-other`, 'precious');
  await symlink(`${path}-other`, path);
  await assert.rejects(growFile(growth(path, randomBytes(10))), GrowthStopped);
  assert.equal(await readFile(`${path}-other`, 'utf8'), 'precious');
  assert.equal(await grownBytes(path), 0);
});
