// What every blob store promises, as one suite that each engine runs. It knows the interface and a
// way to stage bytes, nothing of how an engine keeps them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import {
  BlobConflict,
  digestOfHex,
  type BlobStore,
  type StoredBlob,
} from '../../src/blobs/blob-store.ts';
import type { Digest } from '../../src/domain/ids.ts';

export interface ContractPlace {
  blobs: BlobStore;
  /** Folder from which the store can publish. */
  stagingDir: string;
}

export const digestOf = (bytes: Uint8Array): Digest =>
  digestOfHex(createHash('sha256').update(bytes).digest('hex'));

export const listAll = async (blobs: BlobStore, after?: Digest): Promise<StoredBlob[]> => {
  const all: StoredBlob[] = [];
  for await (const stored of blobs.list(after)) all.push(stored);
  return all;
};

/** Drops what was interrupted before, whenever its walk has begun; gives how many there were. */
export const dropUnfinished = async (blobs: BlobStore, beforeMs: number): Promise<number> => {
  const positions: string[] = [];
  for await (const { position, drop } of blobs.unfinished(beforeMs, '')) {
    positions.push(position);
    await drop();
  }
  for await (const { name } of blobs.unfinished(beforeMs, positions.at(-1) ?? ''))
    assert.fail(name);
  return positions.length;
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export const blobContract = (
  engine: string,
  open: (t: TestContext) => Promise<ContractPlace>,
): void => {
  const stageBytes = async (place: ContractPlace, name: string, bytes: Uint8Array) => {
    const stagedPath = join(place.stagingDir, name);
    await writeFile(stagedPath, bytes);
    return { stagedPath, digest: digestOf(bytes), sizeBytes: bytes.length };
  };
  const put = async (place: ContractPlace, bytes: Uint8Array): Promise<Digest> => {
    const { stagedPath, digest, sizeBytes } = await stageBytes(place, 'put.part', bytes);
    await place.blobs.put(stagedPath, digest, sizeBytes);
    return digest;
  };
  const readBack = async (place: ContractPlace, digest: Digest, start?: number, end?: number) => {
    const range = start === undefined || end === undefined ? undefined : { start, end };
    const opened = await place.blobs.open(digest, range);
    assert.ok(opened);
    return { bytes: await buffer(opened.stream), sizeBytes: opened.sizeBytes };
  };

  test(`${engine}: what is put is read back, and leaves staging`, async (t) => {
    const place = await open(t);
    const bytes = Buffer.from('the bytes of a disk');
    const { stagedPath, digest, sizeBytes } = await stageBytes(place, 'a.part', bytes);
    assert.equal(await place.blobs.put(stagedPath, digest, sizeBytes), 'stored');
    assert.deepEqual(await place.blobs.head(digest), { sizeBytes });
    assert.deepEqual(await readBack(place, digest), { bytes, sizeBytes });
    assert.equal(await isThere(stagedPath), false);
  });

  test(`${engine}: ranges are exact, also empty ones and the last byte`, async (t) => {
    const place = await open(t);
    const bytes = Buffer.from('0123456789');
    const digest = await put(place, bytes);
    for (const [start, end] of [
      [0, 10],
      [0, 1],
      [9, 10],
      [3, 7],
      [0, 0],
      [10, 10],
    ] as const)
      assert.deepEqual(await readBack(place, digest, start, end), {
        bytes: bytes.subarray(start, end),
        sizeBytes: 10,
      });
    for (const [start, end] of [
      [-1, 3],
      [4, 3],
      [0, 11],
      [0.5, 2],
      [NaN, 1],
    ] as const)
      await assert.rejects(place.blobs.open(digest, { start, end }), RangeError);
  });

  test(`${engine}: equal bytes are joined, and the staged copy goes`, async (t) => {
    const place = await open(t);
    const bytes = Buffer.from('twice');
    const digest = await put(place, bytes);
    const again = await stageBytes(place, 'b.part', bytes);
    assert.equal(await place.blobs.put(again.stagedPath, digest, bytes.length), 'joined');
    assert.equal(await isThere(again.stagedPath), false);
    assert.deepEqual((await readBack(place, digest)).bytes, bytes);
  });

  test(`${engine}: equal bytes put at the same time end as one blob`, async (t) => {
    const place = await open(t);
    const bytes = Buffer.alloc(100_000, 'x');
    const staged = await Promise.all(
      [1, 2, 3, 4].map((n) => stageBytes(place, `${n}.part`, bytes)),
    );
    await Promise.all(staged.map((s) => place.blobs.put(s.stagedPath, s.digest, s.sizeBytes)));
    assert.deepEqual((await readBack(place, digestOf(bytes))).bytes, bytes);
    for (const { stagedPath } of staged) assert.equal(await isThere(stagedPath), false);
  });

  test(`${engine}: putting again after the bytes are in place changes nothing`, async (t) => {
    const place = await open(t);
    const bytes = Buffer.from('once');
    const { stagedPath, digest, sizeBytes } = await stageBytes(place, 'c.part', bytes);
    assert.equal(await place.blobs.put(stagedPath, digest, sizeBytes), 'stored');
    assert.equal(await place.blobs.put(stagedPath, digest, sizeBytes), 'joined');
    assert.deepEqual((await readBack(place, digest)).bytes, bytes);
  });

  test(`${engine}: differing bytes are never overwritten`, async (t) => {
    const place = await open(t);
    const kept = Buffer.from('kept');
    const digest = await put(place, kept);
    const other = await stageBytes(place, 'd.part', Buffer.from('other bytes'));
    await assert.rejects(place.blobs.put(other.stagedPath, digest, other.sizeBytes), BlobConflict);
    assert.deepEqual((await readBack(place, digest)).bytes, kept);
  });

  test(`${engine}: nothing staged, or of another length, is missing and stores nothing`, async (t) => {
    const place = await open(t);
    const bytes = Buffer.from('gone');
    const path = join(place.stagingDir, 'never.part');
    assert.equal(await place.blobs.put(path, digestOf(bytes), bytes.length), 'missing');
    await writeFile(path, 'go');
    assert.equal(await place.blobs.put(path, digestOf(bytes), bytes.length), 'missing');
    assert.equal(await place.blobs.head(digestOf(bytes)), undefined);
  });

  test(`${engine}: an unknown digest is undefined, a malformed one is refused`, async (t) => {
    const place = await open(t);
    const unknown = digestOf(Buffer.from('unknown'));
    assert.equal(await place.blobs.head(unknown), undefined);
    assert.equal(await place.blobs.open(unknown), undefined);
    assert.equal(await place.blobs.delete(unknown), false);
    const malformed = ['', 'sha256:', `sha256:${'A'.repeat(64)}`, `sha256:${'a'.repeat(63)}/`];
    for (const text of [...malformed, 'a'.repeat(64), `sha256:../${'a'.repeat(61)}`]) {
      const digest = text as Digest; // on purpose not one
      await assert.rejects(async () => place.blobs.head(digest), RangeError, text);
      await assert.rejects(async () => place.blobs.delete(digest), RangeError, text);
      await assert.rejects(async () => place.blobs.put('/dev/null', digest, 0), RangeError, text);
    }
  });

  test(`${engine}: delete takes exactly one, and an open reader reads on`, async (t) => {
    const place = await open(t);
    const [gone, kept] = [Buffer.from('gone soon'), Buffer.from('stays')];
    const digest = await put(place, gone);
    const other = await put(place, kept);
    const opened = await place.blobs.open(digest);
    assert.equal(await place.blobs.delete(digest), true);
    assert.equal(await place.blobs.delete(digest), false);
    assert.equal(await place.blobs.head(digest), undefined);
    assert.ok(opened);
    assert.deepEqual(await buffer(opened.stream), gone);
    assert.deepEqual((await readBack(place, other)).bytes, kept);
  });

  test(`${engine}: list names everything once, in order of digest`, async (t) => {
    const place = await open(t);
    const expected = new Map<Digest, number>();
    for (let n = 0; n < 20; n += 1) {
      const bytes = Buffer.alloc(n + 1, n);
      expected.set(await put(place, bytes), bytes.length);
    }
    const listed = await listAll(place.blobs);
    assert.deepEqual(
      listed.map(({ digest }) => digest),
      [...expected.keys()].sort(),
    );
    for (const { digest, sizeBytes, modifiedMs } of listed) {
      assert.equal(sizeBytes, expected.get(digest));
      assert.ok(Math.abs(modifiedMs - Date.now()) < 60_000);
    }
    for (const n of [0, 7, 18, 19])
      assert.deepEqual(await listAll(place.blobs, listed[n]?.digest), listed.slice(n + 1));
  });
};
