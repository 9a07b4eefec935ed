import { CaseList } from './corpus-case.ts';
import { AT, DISK_BYTES, qcow2Image } from './qcow2-image.ts';
import { VHD_BYTES, dynamicVhd, fixedVhd } from './vhd-image.ts';
import { STREAM_AT, STREAM_FOOTER, VMDK_BYTES, sparseVmdk, streamVmdk } from './vmdk-image.ts';

const bit = (byte: number, inByte = 0) => byte * 8 + inByte;

/** One bit turned round. What lies on the guest's disk is seen by a digest alone. */
export function bitflipCases() {
  const list = new CaseList('bitflip', { declared: 'qcow2', virtualSize: DISK_BYTES });
  const flipped = (at: number) => qcow2Image().flip(at);
  list.accept('qcow2-payload', flipped(bit(AT.data * 4096 + 1000)));
  list.reject('qcow2-version', 'QCOW2_VERSION', flipped(bit(7, 2)));
  list.reject('qcow2-cluster-bits', 'QCOW2_CLUSTER_BITS', flipped(bit(23, 4)));
  list.reject('qcow2-incompatible', 'QCOW2_UNKNOWN_FEATURE', flipped(bit(78, 0)));
  list.reject('qcow2-l1-entry', 'QCOW2_ENTRY_OFFSET', flipped(bit(AT.l1 * 4096 + 7)));
  list.reject('qcow2-l2-entry', 'QCOW2_ENTRY_OFFSET', flipped(bit(AT.l2 * 4096 + 3)));
  const vhd = { declared: 'vhd', virtualSize: VHD_BYTES } as const;
  list.reject('vhd-fixed-footer', 'VHD_CHECKSUM', fixedVhd().flip(bit(VHD_BYTES + 40)), vhd);
  list.reject('vhd-dynamic-header', 'VHD_CHECKSUM', dynamicVhd().flip(bit(512 + 900)), vhd);
  list.reject('vhd-dynamic-copy', 'VHD_CHECKSUM', dynamicVhd().flip(bit(30)), vhd);
  const vmdk = { declared: 'vmdk', virtualSize: VMDK_BYTES } as const;
  list.reject('vmdk-newline', 'VMDK_LINE_ENDINGS', sparseVmdk().flip(bit(75)), vmdk);
  const footer = streamVmdk().flip(bit(STREAM_FOOTER * 512 + 36));
  list.reject('vmdk-stream-footer', 'VMDK_FOOTER_MISMATCH', footer, vmdk);
  const marker = streamVmdk().flip(bit(STREAM_AT.grain * 512));
  list.reject('vmdk-stream-marker', 'VMDK_GRAIN_TABLE', marker, vmdk);
  return list.cases;
}
