// qcow2 images whose header alone tells that they are not fit: sizes that lie, numbers out of range,
// malformed extensions, features that are not served, encryption and snapshots.
import { CaseList } from './corpus-case.ts';
import { DISK_BYTES, putExtensions, qcow2Image } from './qcow2-image.ts';

const BITMAPS = 0x2385_2875;
const FEATURE_NAMES = 0x6803_f857;
const ENCRYPTION = 0x0537_be77;

const list = () => new CaseList('qcow2-header', { declared: 'qcow2', virtualSize: DISK_BYTES });

/** Data of the bitmaps extension. */
function bitmaps(count: number, sizeBytes: bigint, offset: bigint): Uint8Array {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32BE(count, 0);
  bytes.writeBigUInt64BE(sizeBytes, 8);
  bytes.writeBigUInt64BE(offset, 16);
  return bytes;
}

function sizes() {
  const cases = list();
  const size = (bytes: bigint) => qcow2Image().u64(24, bytes);
  const lies: readonly (readonly [string, bigint, 'ZERO' | 'ALIGNMENT' | 'LIMIT'])[] = [
    ['size-0', 0n, 'ZERO'],
    ['size-odd', 1_000_001n, 'ALIGNMENT'],
    ['size-minus-1', BigInt(DISK_BYTES - 1), 'ALIGNMENT'],
    ['size-2-tib-and-a-sector', 2n ** 41n + 512n, 'LIMIT'],
    ['size-beyond-double', 2n ** 53n + 512n, 'LIMIT'],
    ['size-2-63', 2n ** 63n, 'LIMIT'],
    ['size-max', 2n ** 64n - 1n, 'LIMIT'],
  ];
  for (const [name, bytes, reason] of lies)
    cases.reject(name, `VIRTUAL_SIZE_${reason}`, size(bytes), { virtualSize: Number(bytes) });
  // A double cannot hold these.
  return cases.cases.map((one, i) => ({ ...one, virtualSize: lies[i]?.[1] }));
}

function numbers() {
  const cases = list();
  for (const version of [0, 1, 4, 2 ** 32 - 1])
    cases.reject(`version-${version}`, 'QCOW2_VERSION', qcow2Image().u32(4, version));
  for (const bits of [0, 8, 22, 31, 63, 2 ** 32 - 1])
    cases.reject(`cluster-bits-${bits}`, 'QCOW2_CLUSTER_BITS', qcow2Image().u32(20, bits));
  for (const entries of [0, 2 ** 22 + 1, 2 ** 32 - 1])
    cases.reject(`l1-size-${entries}`, 'QCOW2_L1_SIZE', qcow2Image().u32(36, entries));
  cases.reject('l1-size-beyond-file', 'QCOW2_L1_SIZE', qcow2Image().u32(36, 2 ** 20));
  cases.reject('l1-too-short', 'QCOW2_L1_SIZE', qcow2Image().u64(24, 2 ** 30), {
    virtualSize: 2 ** 30,
  });
  for (const clusters of [0, 2 ** 16, 2 ** 32 - 1])
    cases.reject(`refcount-clusters-${clusters}`, 'QCOW2_REFCOUNT_TABLE', refcountTable(clusters));
  cases.reject('refcount-table-beyond-file', 'QCOW2_REFCOUNT_TABLE', refcountTable(1000));
  for (const order of [7, 32, 2 ** 32 - 1])
    cases.reject(`refcount-order-${order}`, 'QCOW2_REFCOUNT_ORDER', qcow2Image().u32(96, order));
  for (const length of [0, 72, 96, 103, 105, 108, 4104, 2 ** 32 - 8])
    cases.reject(`header-length-${length}`, 'QCOW2_HEADER_LENGTH', qcow2Image().u32(100, length));
  return cases.cases;
}

function refcountTable(clusters: number) {
  return qcow2Image().u32(56, clusters);
}

function extensions() {
  const cases = list();
  const reject = (name: string, type: number, data: string | Uint8Array, length?: number) =>
    cases.reject(
      `extension-${name}`,
      'QCOW2_HEADER_EXT',
      putExtensions(qcow2Image(), [[type, data, length ?? data.length]]),
    );
  reject('beyond-cluster', 0x1234, '', 4096);
  reject('length-max', 0x1234, '', 2 ** 32 - 1);
  reject('feature-names-cut', FEATURE_NAMES, new Uint8Array(47));
  reject('bitmaps-short', BITMAPS, new Uint8Array(16));
  reject('bitmaps-none', BITMAPS, bitmaps(0, 24n, 0x5000n));
  reject('bitmaps-many', BITMAPS, bitmaps(65_536, 2n ** 22n, 0x5000n));
  reject('bitmaps-beyond-file', BITMAPS, bitmaps(1, 24n, 2n ** 40n));
  reject('bitmaps-unaligned', BITMAPS, bitmaps(1, 24n, 0x5008n));
  reject('bitmaps-size-max', BITMAPS, bitmaps(1, 2n ** 64n - 1n, 0x5000n));
  return cases.cases;
}

function features() {
  const cases = list();
  const bits = (value: bigint) => qcow2Image().u64(72, value);
  cases.reject('dirty', 'QCOW2_DIRTY', bits(1n));
  cases.reject('corrupt', 'QCOW2_CORRUPT', bits(2n));
  for (const bit of [4n, 5n, 31n, 32n, 63n])
    cases.reject(`feature-${bit}`, 'QCOW2_UNKNOWN_FEATURE', bits(1n << bit));
  const TYPE = 'QCOW2_COMPRESSION_TYPE';
  cases.reject('compression-type-without-bit', TYPE, qcow2Image().u8(104, 1));
  cases.reject('compression-bit-without-type', TYPE, bits(8n));
  cases.reject('compression-type-2', TYPE, bits(8n).u8(104, 2));
  cases.reject('aes', 'QCOW2_ENCRYPTED', qcow2Image().u32(32, 1));
  cases.reject('aes-v2', 'QCOW2_ENCRYPTED', qcow2Image({ version: 2 }).u32(32, 1));
  cases.reject('luks', 'QCOW2_ENCRYPTED', luks(16).u32(32, 2));
  cases.reject('luks-without-extension', 'QCOW2_ENCRYPTED', qcow2Image().u32(32, 2));
  cases.reject('luks-extension-alone', 'QCOW2_ENCRYPTED', luks(16));
  cases.reject('encryption-3', 'QCOW2_ENCRYPTED', qcow2Image().u32(32, 3));
  for (const count of [1, 2, 65_536, 2 ** 32 - 1])
    cases.reject(`snapshots-${count}`, 'QCOW2_SNAPSHOTS', snapshots(count));
  cases.reject('snapshots-v2', 'QCOW2_SNAPSHOTS', qcow2Image({ version: 2 }).u32(60, 1));
  return cases.cases;
}

const luks = (length: number) =>
  putExtensions(qcow2Image(), [[ENCRYPTION, new Uint8Array(length)]]);

const snapshots = (count: number) => qcow2Image().u32(60, count).u64(64, 0x5000);

/** Numbers of the header that no honest writer makes. */
export const qcow2HeaderCases = () => [...sizes(), ...numbers(), ...extensions(), ...features()];
