// qcow2 images whose tables point where they must not, share what has one owner, or unpack to far more
// than the file holds.
import { deflateRawSync } from 'node:zlib';
import { CaseList } from './corpus-case.ts';
import { AT, COMPRESSED, COPIED, DISK_BYTES, qcow2Image } from './qcow2-image.ts';
import type { SparseImage } from './sparse-image.ts';

const CLUSTER = 4096;
const l1 = (entry: bigint) => qcow2Image().u64(AT.l1 * CLUSTER, entry);
const l2 = (entry: bigint) => qcow2Image().u64(AT.l2 * CLUSTER, entry);
const cluster = (index: number) => BigInt(index * CLUSTER);

/** Tables and entries that point where they must not. */
export function qcow2StructureCases() {
  const list = new CaseList('qcow2-structure', { declared: 'qcow2', virtualSize: DISK_BYTES });
  const TABLE = 'QCOW2_TABLE_OFFSET';
  list.reject('l1-at-0', TABLE, qcow2Image().u64(40, 0));
  list.reject('l1-unaligned', TABLE, qcow2Image().u64(40, 0x3008));
  list.reject('l1-beyond-file', TABLE, qcow2Image().u64(40, 2n ** 40n));
  list.reject('l1-offset-2-63', TABLE, qcow2Image().u64(40, 2n ** 63n));
  list.reject('refcount-table-at-0', TABLE, qcow2Image().u64(48, 0));
  list.reject('refcount-table-unaligned', TABLE, qcow2Image().u64(48, 0x1200));
  list.reject('refcount-table-beyond-file', TABLE, qcow2Image().u64(48, 2n ** 50n));

  const ENTRY = 'QCOW2_ENTRY_OFFSET';
  list.reject('l1-entry-beyond-file', ENTRY, l1(COPIED | (2n ** 40n)));
  list.reject('l1-entry-reserved', ENTRY, l1(COPIED | cluster(AT.l2) | 1n));
  list.reject('l1-entry-on-header', ENTRY, l1(COPIED));
  list.reject('l1-entry-unaligned', ENTRY, l1(COPIED | 0x4200n));
  list.reject('l2-entry-beyond-file', ENTRY, l2(COPIED | (2n ** 40n)));
  list.reject('l2-entry-reserved', ENTRY, l2(COPIED | cluster(AT.data) | (1n << 60n)));
  list.reject('l2-entry-on-header', ENTRY, l2(COPIED));
  list.reject('l2-entry-unaligned', ENTRY, l2(COPIED | 0x5200n));
  list.reject('l2-entry-beyond-disk', ENTRY, beyondDisk(), { virtualSize: DISK_BYTES - CLUSTER });
  list.reject('v2-zero-flag', ENTRY, qcow2Image({ version: 2 }).u64(AT.l2 * CLUSTER + 8, 1));
  list.reject('refcount-block-unaligned', ENTRY, refcountEntry(0x2001n));
  list.reject('refcount-block-beyond-file', ENTRY, refcountEntry(2n ** 40n));
  list.reject('compressed-beyond-file', ENTRY, l2(COMPRESSED | (2n ** 40n)));

  const OVERLAP = 'QCOW2_OVERLAP';
  list.reject('l1-entry-is-l1', OVERLAP, l1(COPIED | cluster(AT.l1)));
  list.reject('l2-entry-is-l2', OVERLAP, l2(COPIED | cluster(AT.l2)));
  list.reject('l1-is-refcount-table', OVERLAP, qcow2Image().u64(40, 0x1000));
  list.reject('data-shared', OVERLAP, qcow2Image().u64(AT.l2 * CLUSTER + 8, cluster(AT.data)));
  list.reject('compressed-junk', 'QCOW2_COMPRESSED_DATA', l2(COMPRESSED | cluster(AT.data)));
  list.reject('vm-state', 'QCOW2_SNAPSHOTS', vmState());
  return list.cases;
}

const refcountEntry = (value: bigint) => qcow2Image().u64(AT.refcountTable * CLUSTER, value);

/** A disk that ends a cluster before its table does, and a last entry that is used. */
const beyondDisk = () =>
  qcow2Image()
    .u64(24, DISK_BYTES - CLUSTER)
    .u64(AT.l2 * CLUSTER, 0)
    .u64(AT.l2 * CLUSTER + 511 * 8, COPIED | cluster(AT.data));

/** An L2 table behind the disk's last: the memory of a machine. */
function vmState(): SparseImage {
  return qcow2Image()
    .u32(36, 2)
    .u64(AT.l1 * CLUSTER + 8, COPIED | cluster(6))
    .u64(6 * CLUSTER, COPIED | cluster(7))
    .put(7 * CLUSTER, 'memory')
    .resize(8 * CLUSTER);
}

const BOMB_CLUSTER = 65_536;

/** One terabyte out of one L2 table that all L1 entries share. */
function bomb(l2Entry: bigint, tail: Uint8Array): SparseImage {
  const image = qcow2Image({ clusterBits: 16, virtualSize: 2 ** 40, guest: null });
  const l2At = BigInt(AT.l2 * BOMB_CLUSTER);
  for (let i = 0; i < 2048; i++) image.u64(AT.l1 * BOMB_CLUSTER + i * 8, COPIED | l2At);
  for (let i = 0; i < 8192; i++) image.u64(AT.l2 * BOMB_CLUSTER + i * 8, l2Entry);
  return image.put(AT.data * BOMB_CLUSTER, tail);
}

/** Files that make a careless reader work for ever, and a legal one that comes near. */
export function qcow2BombCases() {
  const list = new CaseList('qcow2-bomb', { declared: 'qcow2', virtualSize: 2 ** 40 });
  const data = BigInt(AT.data * BOMB_CLUSTER);
  const packed = deflateRawSync(new Uint8Array(BOMB_CLUSTER), { level: 9 });
  list.reject(
    'bomb-compressed',
    'QCOW2_OVERLAP',
    bomb(COMPRESSED | data, Buffer.concat([packed], 1024)),
  );
  list.reject('bomb-data', 'QCOW2_OVERLAP', bomb(COPIED | data, new Uint8Array(BOMB_CLUSTER)));
  const once = { virtualSize: 2 ** 29 };
  const small = qcow2Image({ clusterBits: 16, ...once });
  const same = small.clone().put(AT.data * BOMB_CLUSTER, packed);
  for (let i = 0; i < 8192; i++) same.u64(AT.l2 * BOMB_CLUSTER + i * 8, COMPRESSED | data);
  list.reject('bomb-same-compressed', 'QCOW2_OVERLAP', same, once);
  let at = AT.data * BOMB_CLUSTER;
  const owners: number[] = [];
  for (let i = 0; i < 8192; i++, at += packed.length) {
    const moreSectors = Math.floor(((at % 512) + packed.length - 1) / 512);
    const entry = COMPRESSED | (BigInt(moreSectors) << 54n) | BigInt(at);
    small.put(at, packed).u64(AT.l2 * BOMB_CLUSTER + i * 8, entry);
    const last = Math.floor(at / 512) + moreSectors;
    for (let c = Math.floor(at / BOMB_CLUSTER); c <= Math.floor((last * 512) / BOMB_CLUSTER); c++)
      owners[c] = (owners[c] ?? 0) + 1;
  }
  small.resize(Math.ceil(at / 512) * 512 + 512);
  owners.forEach((count, c) => small.u16(AT.refcountBlock * BOMB_CLUSTER + c * 2, count));
  list.accept('expansion-512', small, { ...once, warning: 'EXPANSION_RATIO' });
  return list.cases;
}
