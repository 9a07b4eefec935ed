// Small real disks for images whose bytes nobody gave: a qcow2 file of the asked size in which nothing was
// ever written. It boots nothing and says nothing; but it is a disk, hashed, inspected and stored like any.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { BlobStores } from '../blobs/blob-stores.ts';
import { inspect } from '../disk/inspect.ts';
import { bufferReader } from '../disk/reader.ts';
import type { Digest, ImageId, RegionId } from '../domain/ids.ts';
import type { StoredDisk } from '../domain/stored-disk.ts';
import type { Random } from '../lib/random.ts';
import type { SqliteStore } from '../store/sqlite/open.ts';

const CLUSTER_BITS = 16;
const CLUSTER_BYTES = 2 ** CLUSTER_BITS;
/** An entry of the first table stands for a table of as many clusters as entries fit into one. */
const L1_ENTRY_BYTES = (CLUSTER_BYTES / 8) * CLUSTER_BYTES;
const GIB = 1024 ** 3;

/** Version 3: header, refcount table, one block of refcounts, then the first table, all of it empty. */
export const blankQcow2 = (sizeGib: number): Uint8Array => {
  const entries = Math.ceil((sizeGib * GIB) / L1_ENTRY_BYTES);
  const clusters = 3 + Math.ceil((entries * 8) / CLUSTER_BYTES);
  const disk = new Uint8Array(clusters * CLUSTER_BYTES);
  const view = new DataView(disk.buffer);
  const pointTo = (at: number, cluster: number): void =>
    view.setBigUint64(at, BigInt(cluster * CLUSTER_BYTES));
  disk.set([0x51, 0x46, 0x49, 0xfb]);
  view.setUint32(4, 3);
  view.setUint32(20, CLUSTER_BITS);
  view.setBigUint64(24, BigInt(sizeGib * GIB));
  view.setUint32(36, entries);
  pointTo(40, 3);
  pointTo(48, 1);
  view.setUint32(56, 1);
  view.setUint32(96, 4); // refcounts of 2 to the 4th bits
  view.setUint32(100, 112);
  pointTo(CLUSTER_BYTES, 2);
  for (let i = 0; i < clusters; i++) view.setUint16(2 * CLUSTER_BYTES + i * 2, 1);
  return disk;
};

export interface BlankDiskParts {
  stores: BlobStores;
  store: SqliteStore;
  random: Random;
}

type StoreBlankDisk = (regionId: RegionId, sizeGib: number) => Promise<StoredDisk>;

/** Equal sizes are equal bytes, so that each is written once. */
export const makeBlankDisks = ({ stores, store, random }: BlankDiskParts): StoreBlankDisk => {
  const known = new Map<number, StoredDisk['blob']>();
  return async (regionId, sizeGib) => {
    const { blobs, staging } = stores.of(regionId);
    let blob = known.get(sizeGib);
    let bytes: Uint8Array | undefined;
    if (blob === undefined) {
      bytes = blankQcow2(sizeGib);
      blob = checked(bytes);
      known.set(sizeGib, blob);
    }
    const { digest, sizeBytes } = blob;
    const stored = { blob, store: blobs.name };
    const [row, placements] = await store.read(async (tx) => [
      await tx.blob(digest),
      await tx.placements(digest),
    ]);
    // What a row tells of is there, or going: the transaction that adopts it sees which.
    const isTold = placements.some((placed) => placed.store === blobs.name);
    if (isTold || (row !== undefined && row.state !== 'present'))
      return { ...stored, isNew: false };
    const stem = `m-${Buffer.from(random.bytes(12)).toString('hex')}` as ImageId;
    const path = staging.path(stem, 1);
    await writeFile(path, bytes ?? blankQcow2(sizeGib), { flush: true });
    // Over what may lie there: a file that no row tells of may be as old as the sweep wants it.
    await blobs.put(path, digest, sizeBytes, { replaces: true });
    return { ...stored, isNew: true };
  };
};

/** Looked at as every disk is that comes in. */
const checked = (bytes: Uint8Array): StoredDisk['blob'] => {
  const verdict = inspect(bufferReader(bytes));
  if (verdict.verdict === 'refused') throw new Error(`A blank disk is refused: ${verdict.reason}`);
  return {
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest,
    sizeBytes: bytes.length,
    format: verdict.format,
    virtualSizeBytes: verdict.virtualSizeBytes,
    warnings: verdict.warnings.map(({ code }) => code),
  };
};
