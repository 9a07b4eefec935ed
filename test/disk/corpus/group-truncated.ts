import { CaseList } from './corpus-case.ts';
import { DISK_BYTES, qcow2Image } from './qcow2-image.ts';
import { SparseImage } from './sparse-image.ts';
import { BLOCK_AT, VHD_BYTES, dynamicVhd, fixedVhd } from './vhd-image.ts';
import { STREAM_AT, VMDK_BYTES, sparseVmdk, streamVmdk } from './vmdk-image.ts';

const nothing = { format: 'unknown', virtualSize: undefined } as const;
/** Too short to be known: the little there is, in a whole sector. */
const unknown = { format: 'raw', virtualSize: 512 } as const;

/** Images that end too early. */
export function truncatedCases() {
  const list = new CaseList('truncated', { declared: 'qcow2', virtualSize: DISK_BYTES });
  for (const declared of ['qcow2', 'raw', 'vhd', 'vmdk'] as const)
    list.reject(`empty-${declared}`, 'EMPTY', new SparseImage(), { declared, ...nothing });
  const qcow2 = (bytes: number) => qcow2Image().resize(bytes);
  list.reject('qcow2-3', 'TRUNCATED', qcow2(3), unknown);
  list.reject('qcow2-4', 'TRUNCATED', qcow2(4), { virtualSize: undefined });
  list.reject('qcow2-71', 'TRUNCATED', qcow2(71));
  list.reject('qcow2-103', 'TRUNCATED', qcow2(103));
  list.reject('qcow2-512', 'QCOW2_TABLE_OFFSET', qcow2(512));
  list.reject('qcow2-within-l2', 'TRUNCATED', qcow2(4 * 4096 + 512));
  list.reject('qcow2-before-data', 'QCOW2_ENTRY_OFFSET', qcow2(5 * 4096));
  list.reject('qcow2-within-data', 'TRUNCATED', qcow2(5 * 4096 + 512));
  const vhd = { declared: 'vhd', virtualSize: VHD_BYTES } as const;
  const dynamic = (bytes: number) => dynamicVhd().resize(bytes);
  list.reject('vhd-dynamic-100', 'TRUNCATED', dynamic(100), vhd);
  list.reject('vhd-dynamic-512', 'TRUNCATED', dynamic(512), vhd);
  list.reject('vhd-dynamic-within-block', 'TRUNCATED', dynamic(BLOCK_AT + 8192), vhd);
  list.reject('vhd-dynamic-no-footer', 'TRUNCATED', dynamic(dynamicVhd().sizeBytes - 512), vhd);
  const cut = fixedVhd().resize(VHD_BYTES + 511);
  list.reject('vhd-fixed-511-of-footer', 'TRUNCATED', cut, { ...vhd, virtualSize: undefined });
  list.reject('raw-511', 'TRUNCATED', new SparseImage(511), { declared: 'raw', ...unknown });
  const vmdk = { declared: 'vmdk', virtualSize: VMDK_BYTES } as const;
  list.reject('vmdk-100', 'TRUNCATED', sparseVmdk().resize(100), vmdk);
  list.reject('vmdk-within-descriptor', 'TRUNCATED', sparseVmdk().resize(2048), vmdk);
  list.reject('vmdk-within-grain', 'TRUNCATED', sparseVmdk().resize(129 * 512), vmdk);
  list.reject('vmdk-stream-no-footer', 'TRUNCATED', streamVmdk().resize(147 * 512), vmdk);
  // As QEMU writes it: the directory is known at the beginning, and nothing marks the end.
  const fromQemu = streamVmdk().u64le(56, STREAM_AT.directory);
  list.accept('vmdk-stream-directory-in-front', fromQemu, vmdk);
  const short = fromQemu.clone().resize(fromQemu.sizeBytes - 1);
  list.reject('vmdk-stream-last-byte', 'TRUNCATED', short, vmdk);
  return list.cases;
}
