import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { appendFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { seededRandom } from '../lib/random.ts';
import type { Digest } from '../domain/ids.ts';
import { versionOf } from './file-version.ts';
import { fileSource } from './byte-source.ts';
import { stage, type StageOutcome, type StageRequest } from './stage.ts';

const KIB = 1024;

class Place {
  readonly dir = mkdtempSync(join(tmpdir(), 'kindred-stage-'));
  readonly source = join(this.dir, 'source');
  readonly target = join(this.dir, 'target.part');

  constructor(t: TestContext, bytes: Uint8Array) {
    writeFileSync(this.source, bytes);
    t.after(() => rmSync(this.dir, { recursive: true, force: true }));
  }

  version(): string {
    return versionOf(statSync(this.source, { bigint: true }));
  }

  async run(request: Partial<StageRequest> = {}): Promise<StageOutcome> {
    const source = fileSource(await open(this.source));
    try {
      return await stage({
        source,
        sourceVersion: source.version(),
        targetPath: this.target,
        floorBytes: 0,
        chunkBytes: 64 * KIB,
        progressMs: 0,
        monotonicMs: () => 0,
        ...request,
      });
    } finally {
      await source.close();
    }
  }
}

const bytesOf = (seed: number, sizeBytes: number): Uint8Array =>
  seededRandom(seed).bytes(sizeBytes);
const staged = (bytes: Uint8Array, resumedBytes = 0): StageOutcome => ({
  outcome: 'staged',
  digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest,
  sizeBytes: bytes.length,
  resumedBytes,
});
const reasonOf = (outcome: StageOutcome): string =>
  outcome.outcome === 'failed' ? outcome.reason : outcome.outcome;

test('a source is copied and hashed, whatever its length', async (t) => {
  for (const sizeBytes of [0, 1, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 300 * KIB + 7]) {
    const bytes = bytesOf(sizeBytes, sizeBytes);
    const place = new Place(t, bytes);
    assert.deepEqual(await place.run(), staged(bytes));
    assert.ok(readFileSync(place.target).equals(bytes));
    assert.equal(statSync(place.target).mode & 0o777, 0o600);
  }
});

test('zeros become holes, and the hash is that of the zeros', async (t) => {
  const bytes = new Uint8Array(4096 * KIB);
  bytes.set(bytesOf(1, 100), 1000 * KIB);
  const place = new Place(t, bytes);
  assert.deepEqual(await place.run(), staged(bytes));
  assert.ok(readFileSync(place.target).equals(bytes));
  assert.ok(statSync(place.target).blocks * 512 <= 128 * KIB);
});

test('a partial file is hashed again up to its length and continued', async (t) => {
  const bytes = bytesOf(2, 500 * KIB);
  for (const partialBytes of [1, 64 * KIB, 100 * KIB, 500 * KIB]) {
    const place = new Place(t, bytes);
    writeFileSync(place.target, bytes.subarray(0, partialBytes));
    assert.deepEqual(await place.run(), staged(bytes, partialBytes));
    assert.ok(readFileSync(place.target).equals(bytes));
  }
});

test('a partial file that is no prefix of the source is begun anew where it differs', async (t) => {
  const bytes = bytesOf(3, 500 * KIB);
  const place = new Place(t, bytes);
  // As after a power cut: the length is there, some of the bytes are not.
  const damaged = bytes.slice(0, 400 * KIB);
  damaged.fill(0, 200 * KIB, 201 * KIB);
  writeFileSync(place.target, damaged);
  assert.deepEqual(await place.run(), staged(bytes, 192 * KIB));
  assert.ok(readFileSync(place.target).equals(bytes));

  writeFileSync(place.target, bytesOf(4, 900 * KIB));
  assert.deepEqual(await place.run(), staged(bytes, 0));
  assert.ok(readFileSync(place.target).equals(bytes));
});

test('a partial file longer than the source is cut', async (t) => {
  const bytes = bytesOf(5, 100 * KIB);
  const place = new Place(t, bytes);
  writeFileSync(place.target, Buffer.concat([bytes, bytes]));
  assert.deepEqual(await place.run(), staged(bytes, 100 * KIB));
  assert.ok(readFileSync(place.target).equals(bytes));
});

test('a source that is not what was accepted, or changes on the way, is refused', async (t) => {
  const place = new Place(t, bytesOf(6, 400 * KIB));
  assert.equal(reasonOf(await place.run({ sourceVersion: '1:2:3:4' })), 'SOURCE_CHANGED');
  const during = async (change: () => void): Promise<string> => {
    let changed = false;
    const onProgress = (): void => {
      if (!changed) change();
      changed = true;
    };
    return reasonOf(await place.run({ onProgress }));
  };
  assert.equal(await during(() => truncateSync(place.source, 70 * KIB)), 'SOURCE_CHANGED');
  assert.equal(await during(() => appendFileSync(place.source, 'more')), 'SOURCE_CHANGED');
  assert.equal(await during(() => utimesSync(place.source, 1, 1)), 'SOURCE_CHANGED');
  assert.equal(await during(() => undefined), 'staged');
});

test('progress tells the staged bytes, at most once in the interval, and always the end', async (t) => {
  const place = new Place(t, bytesOf(7, 640 * KIB));
  const all: number[] = [];
  await place.run({ onProgress: (n) => all.push(n) });
  assert.deepEqual(all.slice(0, 2), [64 * KIB, 128 * KIB]);
  assert.equal(all.at(-1), 640 * KIB);
  rmSync(place.target);
  let nowMs = 0;
  const some: number[] = [];
  await place.run({
    monotonicMs: () => (nowMs += 50),
    progressMs: 250,
    onProgress: (n) => some.push(n),
  });
  assert.deepEqual(some, [320 * KIB, 640 * KIB, 640 * KIB]);
});

test('a cancelled copy stops within a chunk and leaves its partial file for the next', async (t) => {
  const bytes = bytesOf(8, 640 * KIB);
  const place = new Place(t, bytes);
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const onProgress = (n: number): void => {
    if (n >= 192 * KIB) Atomics.store(cancel, 0, 1);
  };
  assert.deepEqual(await place.run({ cancel, onProgress }), {
    outcome: 'cancelled',
    stagedBytes: 192 * KIB,
  });
  assert.equal(statSync(place.target).size, 192 * KIB);
  assert.deepEqual(await place.run(), staged(bytes, 192 * KIB));
});

test('the floor of free space is kept before a byte is written', async (t) => {
  const place = new Place(t, bytesOf(9, 100 * KIB));
  assert.equal(reasonOf(await place.run({ floorBytes: Number.MAX_SAFE_INTEGER })), 'NO_SPACE');
  assert.equal(statSync(place.target).size, 0);
});

test('a link in the place of the staged file is not followed', async (t) => {
  const place = new Place(t, bytesOf(10, 10));
  const victim = join(place.dir, 'victim');
  writeFileSync(victim, 'victim');
  symlinkSync(victim, place.target);
  await assert.rejects(place.run(), { code: 'ELOOP' });
  assert.equal(readFileSync(victim, 'utf8'), 'victim');
});

test('a full file system is an answer, and the copy goes on once there is room', async (t) => {
  const bytes = bytesOf(11, 3 * 1024 * KIB);
  const place = new Place(t, bytes);
  const small = join(place.dir, 'small');
  mkdirSync(small);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small], { stdio: 'pipe' });
  } catch {
    console.log('skipped: disk full (mounting a tmpfs needs root)');
    return t.skip('mounting a tmpfs needs root');
  }
  try {
    const targetPath = join(small, 'target.part');
    // The floor would see it coming; here the write itself must fail.
    assert.equal(reasonOf(await place.run({ targetPath, floorBytes: -Infinity })), 'NO_SPACE');
    assert.ok(existsSync(targetPath));
    assert.equal(reasonOf(await place.run({ targetPath, floorBytes: 0 })), 'NO_SPACE');
    execFileSync('mount', ['-o', 'remount,size=8m', small]);
    const outcome = await place.run({ targetPath });
    assert.equal(outcome.outcome === 'staged' && outcome.resumedBytes > 0, true);
    assert.ok(readFileSync(targetPath).equals(bytes));
  } finally {
    execFileSync('umount', ['-l', small]);
  }
});
