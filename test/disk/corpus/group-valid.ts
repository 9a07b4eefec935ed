import { deflateRawSync } from 'node:zlib';
import { CaseList } from './corpus-case.ts';
import { guestStart, pattern } from './guest.ts';
import { AT, COMPRESSED, DISK_BYTES, putExtensions, qcow2Image } from './qcow2-image.ts';
import { SparseImage } from './sparse-image.ts';
import { VHD_BYTES, dynamicVhd, fixedVhd } from './vhd-image.ts';
import { SPARSE_AT, VMDK_BYTES, descriptor, sparseVmdk, streamVmdk } from './vmdk-image.ts';

/** Honest images, which QEMU reads with the same format and size. */
export function validCases() {
  const list = new CaseList('valid', { declared: 'qcow2', virtualSize: DISK_BYTES });
  list.accept('qcow2-v3', qcow2Image());
  list.accept('qcow2-v2', qcow2Image({ version: 2 }));
  list.accept('qcow2-empty', qcow2Image({ guest: null }));
  list.accept('qcow2-header-104', qcow2Image({ headerLength: 104 }));
  for (const clusterBits of [9, 16])
    list.accept(`qcow2-cluster-${2 ** clusterBits}`, qcow2Image({ clusterBits }));
  for (const refcountOrder of [0, 3, 6])
    list.accept(`qcow2-refcount-order-${refcountOrder}`, qcow2Image({ refcountOrder }));
  const two = { clusterBits: 16, virtualSize: 2 ** 41, guest: null };
  list.accept('qcow2-2-tib', qcow2Image(two), { virtualSize: 2 ** 41 });
  const small = { virtualSize: 512, guest: pattern(4096) };
  list.accept('qcow2-one-sector', qcow2Image(small), { virtualSize: 512 });
  list.accept(
    'qcow2-unknown-extension',
    putExtensions(qcow2Image(), [
      [0x1234_5678, 'anything'],
      [0x6803_f857, new Uint8Array(96)],
    ]),
  );
  const packed = deflateRawSync(guestStart(4096, DISK_BYTES));
  const at = BigInt(AT.data * 4096);
  const sectors = BigInt(Math.ceil(packed.length / 512) - 1) << 58n;
  list.accept(
    'qcow2-compressed',
    qcow2Image({ guest: new Uint8Array(4096) })
      .put(AT.data * 4096, packed)
      .u64(AT.l2 * 4096, COMPRESSED | sectors | at),
  );
  list.accept('qcow2-zero-cluster', qcow2Image().u64(AT.l2 * 4096 + 8, 1));

  const raw = { declared: 'raw', virtualSize: 65_536 } as const;
  list.accept('raw-boot-record', new SparseImage(65_536).put(0, guestStart(4096, 65_536)), raw);
  list.accept('raw-zeros', new SparseImage(65_536), raw);
  list.accept('raw-data', new SparseImage(65_536).put(0, pattern(65_536, 3)), raw);

  const vhd = { declared: 'vhd', virtualSize: VHD_BYTES } as const;
  list.accept('vhd-fixed', fixedVhd(), vhd);
  list.accept('vhd-dynamic', dynamicVhd(), vhd);
  list.accept('vhd-dynamic-512k', dynamicVhd({ blockBytes: 2 ** 19 }), vhd);

  const vmdk = { declared: 'vmdk', virtualSize: VMDK_BYTES } as const;
  list.accept('vmdk-sparse', sparseVmdk(), vmdk);
  list.accept('vmdk-stream', streamVmdk(), vmdk);
  list.accept('vmdk-no-redundant', sparseVmdk().u32le(8, 1).u64le(48, 0), vmdk);
  const esx = { more: ['encoding="UTF-8"', 'isNativeSnapshot="no"'] };
  list.accept('vmdk-more-keys', sparseVmdk({ text: descriptor(esx) }), vmdk);
  const zeroed = sparseVmdk().u32le(4, 2).u32le(8, 7);
  for (const table of [SPARSE_AT.redundant + 1, SPARSE_AT.table]) zeroed.u32le(table * 512 + 4, 1);
  list.accept('vmdk-zeroed-grain', zeroed, vmdk);
  return list.cases;
}
