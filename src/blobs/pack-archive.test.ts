// What is packed is unpacked by tar and compared; every way in which packing ends without success.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ByteSource } from './byte-source.ts';
import { packArchive, type PackRequest } from './pack-archive.ts';

const MIB = 1024 * 1024;

const folderFor = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-pack-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const sourceOf = (bytes: Buffer, more: Partial<ByteSource> = {}): ByteSource => ({
  sizeBytes: bytes.length,
  version: () => '1',
  read: (target, position) => bytes.copy(target, 0, position),
  close: () => Promise.resolve(),
  ...more,
});

const requestFor = (folder: string, source: ByteSource): PackRequest & { told: number[] } => {
  const told: number[] = [];
  let nowMs = 0;
  return {
    source,
    name: 'disk.raw',
    modifiedMs: Date.UTC(2026, 10, 24),
    targetPath: join(folder, 'disk.raw.tar.gz'),
    floorBytes: 0,
    cancel: new Int32Array(1),
    onProgress: (packedBytes) => void told.push(packedBytes),
    monotonicMs: () => (nowMs += 200),
    told,
  };
};

test('tar unpacks the bytes that were packed, whatever their length', async (t) => {
  const folder = folderFor(t);
  for (const sizeBytes of [0, 1, 512, 3 * MIB + 513]) {
    const bytes = randomBytes(sizeBytes);
    const request = requestFor(folder, sourceOf(bytes));
    // A longer attempt that broke off leaves nothing behind.
    writeFileSync(request.targetPath, randomBytes(sizeBytes + 4 * MIB));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    assert.deepEqual(await packArchive(request), { outcome: 'packed', digest, sizeBytes });
    execFileSync('tar', ['-xzf', request.targetPath, '-C', folder], { stdio: 'pipe' });
    assert.ok(readFileSync(join(folder, 'disk.raw')).equals(bytes), String(sizeBytes));
    assert.equal(request.told.at(-1), sizeBytes);
  }
});

test('an empty disk takes next to nothing', async (t) => {
  const request = requestFor(folderFor(t), sourceOf(Buffer.alloc(64 * MIB)));
  assert.equal((await packArchive(request)).outcome, 'packed');
  assert.ok(statSync(request.targetPath).size < MIB);
  assert.ok(request.told.length > 10, 'progress is told on the way');
});

test('packing stops when it is told to', async (t) => {
  const request = requestFor(folderFor(t), sourceOf(randomBytes(8 * MIB)));
  request.onProgress = () => void (request.cancel[0] = 1);
  assert.deepEqual(await packArchive(request), { outcome: 'cancelled' });
});

test('faults of source and target are told apart', async (t) => {
  const folder = folderFor(t);
  const reason = async (source: ByteSource, more: Partial<PackRequest> = {}) => {
    const ended = await packArchive({ ...requestFor(folder, source), ...more });
    return ended.outcome === 'failed' ? ended.reason : ended.outcome;
  };
  const bytes = randomBytes(2 * MIB);
  const shorter = sourceOf(bytes, { sizeBytes: bytes.length + 1 });
  assert.equal(await reason(shorter), 'SOURCE_CHANGED');
  const broken = sourceOf(bytes, {
    read() {
      throw Object.assign(new Error('the disk is broken'), { code: 'EIO' });
    },
  });
  assert.equal(await reason(broken), 'SOURCE_UNREADABLE');
  assert.equal(await reason(sourceOf(bytes), { floorBytes: 2 ** 60 }), 'NO_SPACE');
  const bug = sourceOf(bytes, {
    read() {
      throw new Error('a bug');
    },
  });
  await assert.rejects(reason(bug), /a bug/, 'what nobody expected is no outcome');
  if (process.getuid?.() === 0) return;
  chmodSync(folder, 0o500);
  assert.equal(await reason(sourceOf(bytes)), 'TARGET_UNWRITABLE');
  chmodSync(folder, 0o700);
});
