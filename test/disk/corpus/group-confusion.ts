// Images that are not what they were declared to be, discs and newer disks that are not taken, files
// that can be read as two things, and odd disks that are one thing all the same.
import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { CaseList } from './corpus-case.ts';
import { guestStart, pattern } from './guest.ts';
import { DISK_BYTES, qcow2Image } from './qcow2-image.ts';
import { SparseImage } from './sparse-image.ts';
import { VHD_BYTES, dynamicVhd, fixedVhd } from './vhd-image.ts';
import { SPARSE_AT, VMDK_BYTES, descriptor, sparseVmdk, streamVmdk } from './vmdk-image.ts';

const BODY_BYTES = 65_536;

/** How other files begin or, below 0, end. */
const FOREIGN: readonly (readonly [format: string, at: number, magic: string])[] = [
  ['parallels', 0, 'WithoutFreeSpace'],
  ['parallels', 0, 'WithouFreSpacExt'],
  ['bochs', 0, 'Bochs Virtual HD Image\0\0\0\0\0\0\0\0\0\0Redolog\0'],
  [
    'cloop',
    0,
    '#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\n',
  ],
  ['dmg', -512, 'koly\0\0\0\x04\0\0\x02\0'],
  ['vdi', 0, `<<< Oracle VM VirtualBox Disk Image >>>\n${'\0'.repeat(24)}\x7f\x10\xda\xbe`],
  ['qed', 0, 'QED\0'],
  ['luks', 0, 'LUKS\xba\xbe\0\x01'],
  ['luks', 0, 'LUKS\xba\xbe\0\x02'],
  ['vmdk', 0, 'COWD\x01\0\0\0'],
  ['vmdk', 0, '\xbe\xba\xfe\xca\0\0\0\0'],
  ['xz', 0, '\xfd7zXZ\0'],
  ['bzip2', 0, 'BZh91AY&SY'],
  ['zip', 0, 'PK\x03\x04\x14\0'],
  ['7z', 0, '7z\xbc\xaf\x27\x1c\0\x04'],
  ['tar', 257, 'ustar\x0000'],
  ['rar', 0, 'Rar!\x1a\x07\x01\0'],
  ['lz4', 0, '\x04\x22\x4d\x18'],
  ['cpio', 0, '070701'],
  ['elf', 0, '\x7fELF\x02\x01\x01'],
  ['pdf', 0, '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'],
  ['android-sparse', 0, '\x3a\xff\x26\xed\x01\0\0\0'],
  ['wim', 0, 'MSWIM\0\0\0'],
  ['ewf', 0, 'EVF\t\r\n\xff\0'],
];

const PAGES: readonly (readonly [name: string, format: string, text: string])[] = [
  ['html', 'html', '<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n'],
  ['html-bare', 'html', '\n<html><body>Bad gateway</body></html>'],
  ['xml', 'xml', '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code></Error>\n'],
  ['xml-bom', 'xml', '\xef\xbb\xbf<?xml version="1.0"?><Error/>'],
  ['json', 'json', '{"error":{"code":404,"message":"not found"}}\n'],
  ['text', 'text', '404 page not found\n'],
];

/** Images that are something else than they were declared to be. */
export function confusionCases() {
  const list = new CaseList('confusion', { declared: 'raw' });
  const reject = (name: string, image: SparseImage, format: string, virtualSize?: number) =>
    list.reject(name, 'FORMAT_MISMATCH', image, { format, virtualSize });
  FOREIGN.forEach(([format, at, magic], i) => {
    const image = new SparseImage().put(0, pattern(BODY_BYTES, i + 10)).put(0, '\0\0\0\0');
    reject(`raw-is-${format}-${i}`, image.put(at < 0 ? BODY_BYTES + at : at, magic), format);
  });
  const disk = guestStart(BODY_BYTES, BODY_BYTES);
  reject('raw-is-gzip', new SparseImage().put(0, gzipSync(disk)), 'gzip');
  reject('raw-is-zstd', new SparseImage().put(0, zstdCompressSync(disk)), 'zstd');
  for (const [name, format, text] of PAGES)
    reject(`raw-is-page-${name}`, new SparseImage().put(0, text), format);
  reject('raw-is-qcow2', qcow2Image(), 'qcow2', DISK_BYTES);
  reject('raw-is-backed-qcow2', qcow2Image().u64(8, 512).u32(16, 11), 'qcow2', DISK_BYTES);
  reject('raw-is-vmdk', sparseVmdk(), 'vmdk', VMDK_BYTES);
  reject('raw-is-fixed-vhd', fixedVhd(), 'vhd', VHD_BYTES);
  reject('raw-is-dynamic-vhd', dynamicVhd(), 'vhd', VHD_BYTES);
  const flat = descriptor({ createType: 'monolithicFlat', extents: ['RW 1 FLAT "/etc/passwd" 0'] });
  reject('raw-is-vmdk-text', new SparseImage().put(0, flat), 'vmdk');
  reject('raw-is-vmdk-comments', new SparseImage().put(0, `#\n# x\n \n${flat.slice(21)}`), 'vmdk');

  const other = (
    name: string,
    declared: 'qcow2' | 'vhd' | 'vmdk',
    image: SparseImage,
    format: string,
    virtualSize: number,
  ) => list.reject(name, 'FORMAT_MISMATCH', image, { declared, format, virtualSize });
  const raw = new SparseImage(BODY_BYTES).put(0, disk);
  for (const declared of ['qcow2', 'vhd', 'vmdk'] as const)
    other(`${declared}-is-raw`, declared, raw, 'raw', BODY_BYTES);
  other('qcow2-is-vmdk', 'qcow2', sparseVmdk(), 'vmdk', VMDK_BYTES);
  other('vmdk-is-vhd', 'vmdk', dynamicVhd(), 'vhd', VHD_BYTES);
  other('vhd-is-qcow2', 'vhd', qcow2Image(), 'qcow2', DISK_BYTES);
  other('vhd-fixed-no-footer', 'vhd', fixedVhd().resize(VHD_BYTES), 'raw', VHD_BYTES);

  const nested = 'NESTED_FORMAT';
  const inner = qcow2Image().read(0, 4096);
  const text = new Uint8Array(4096);
  text.set(Buffer.from(flat));
  list.reject('nested-qcow2-in-qcow2', nested, qcow2Image({ guest: inner }), {
    declared: 'qcow2',
    virtualSize: DISK_BYTES,
  });
  list.reject('nested-text-in-qcow2', nested, qcow2Image({ guest: text }), {
    declared: 'qcow2',
    virtualSize: DISK_BYTES,
  });
  const vhd = { declared: 'vhd', virtualSize: VHD_BYTES } as const;
  list.reject('nested-qcow2-in-vhd', nested, dynamicVhd({ guest: inner }), vhd);
  const vmdk = { declared: 'vmdk', virtualSize: VMDK_BYTES } as const;
  list.reject('nested-qcow2-in-vmdk', nested, sparseVmdk({ guest: inner }), vmdk);
  list.reject('nested-text-in-stream', nested, streamVmdk({ guest: text }), vmdk);
  return list.cases;
}

/** Discs and newer disks: known by name, and not taken, whatever they are declared to be. */
export function unsupportedCases() {
  const list = new CaseList('unsupported', { declared: 'raw' });
  const reject = (
    name: string,
    image: SparseImage,
    format: string,
    declared: 'raw' | 'vhd' = 'raw',
  ) => list.reject(name, 'FORMAT_UNSUPPORTED', image, { format, declared, virtualSize: undefined });
  const disc = (at: number, label: string) => new SparseImage(BODY_BYTES).put(at, label);
  reject('iso', disc(32_768, '\x01CD001\x01'), 'iso');
  reject('isohybrid', disc(32_768, '\x01CD001\x01').put(0, guestStart(512, BODY_BYTES)), 'iso');
  reject('udf', disc(32_768, '\0BEA01\x01').put(34_816, '\0NSR02\x01'), 'udf');
  const vhdx = () =>
    new SparseImage(2 ** 20).put(0, 'vhdxfile').put(65_536, 'head').put(131_072, 'head');
  reject('vhdx', vhdx().put(196_608, 'regi'), 'vhdx', 'vhd');
  reject('vhdx-as-raw', vhdx(), 'vhdx');
  reject('vhdx-cut', vhdx().resize(512), 'vhdx', 'vhd');
  return list.cases;
}

/** Files that two readers would take for two things, and odd disks that are one thing all the same. */
export function polyglotCases() {
  const list = new CaseList('polyglot', { declared: 'qcow2' });
  const reject = (name: string, image: SparseImage, declared: 'qcow2' | 'vhd' | 'vmdk' = 'qcow2') =>
    list.reject(name, 'AMBIGUOUS_FORMAT', image, {
      declared,
      format: 'unknown',
      virtualSize: undefined,
    });
  const long = () => qcow2Image().resize(BODY_BYTES);
  reject('qcow2-iso', long().put(32_768, '\x01CD001\x01'));
  reject('qcow2-mbr', qcow2Image().u16(510, 0x55aa));
  reject('qcow2-gpt', qcow2Image().put(512, 'EFI PART'));
  reject('qcow2-vhd-footer', long().put(BODY_BYTES - 512, fixedVhd().read(VHD_BYTES, 512)));
  reject('qcow2-dmg', long().put(BODY_BYTES - 512, 'koly'));
  reject('qcow2-tar', qcow2Image().put(257, 'ustar\x0000'));
  reject('vhd-fixed-starts-qcow2', fixedVhd({ guest: qcow2Image().read(0, 4096) }), 'vhd');
  reject(
    'vmdk-vhd-footer',
    sparseVmdk()
      .put(SPARSE_AT.grain * 512 + 4096, fixedVhd().read(VHD_BYTES, 512))
      .resize(SPARSE_AT.grain * 512 + 4608),
    'vmdk',
  );
  return [...list.cases, ...oddCases()];
}

/** From the protective entry on: a sound GPT with one partition. */
function gptOf(lastSector: number): Uint8Array {
  const table = Buffer.alloc(3 * 512 - 446);
  const [header, entry] = [table.subarray(66, 66 + 92), table.subarray(66 + 512)];
  table.writeUInt8(0xee, 4);
  table.writeUInt32LE(1, 8);
  table.writeUInt32LE(0xffff_ffff, 12);
  table.writeUInt16BE(0x55aa, 64);
  entry.fill(1, 0, 16);
  entry.writeBigUInt64LE(34n, 32);
  entry.writeBigUInt64LE(BigInt(lastSector), 40);
  header.write('EFI PART\0\0\x01\0\x5c\0\0\0', 'latin1');
  header.writeBigUInt64LE(2n, 72);
  header.writeUInt32LE(4, 80);
  header.writeUInt32LE(128, 84);
  header.writeUInt32LE(crc32(entry.subarray(0, 512)), 88);
  header.writeUInt32LE(crc32(header), 16);
  return table;
}

function oddCases() {
  const list = new CaseList('polyglot', { declared: 'raw', virtualSize: BODY_BYTES });
  const disk = () => new SparseImage(BODY_BYTES).put(0, guestStart(4096, BODY_BYTES));
  const warning = 'PARTITION_TABLE';
  list.accept('raw-boot-flag', disk().u8(446, 0x55), { warning });
  list.accept('raw-partition-beyond', disk().u32le(458, 2 ** 31), { warning });
  list.accept('raw-protective-alone', disk().u8(450, 0xee), { warning });
  list.accept('raw-gpt-checksum', disk().u8(450, 0xee).put(512, 'EFI PART\0\0\x01\0\x5c\0\0\0'), {
    warning,
  });
  const cutGpt = disk().put(446, gptOf(BODY_BYTES / 512));
  list.accept('raw-gpt-partition-beyond', cutGpt, { warning });
  list.accept('raw-gpt-partition-to-the-end', disk().put(446, gptOf(BODY_BYTES / 512 - 1)));
  const odd = disk().resize(BODY_BYTES - 100);
  list.accept('raw-odd-length', odd, { warning: 'RAW_SIZE_NOT_SECTOR_MULTIPLE' });
  const inside = disk().read(0, 4096).slice();
  inside[446] = 0x55;
  list.accept('qcow2-odd-partitions', qcow2Image({ guest: inside }), {
    declared: 'qcow2',
    virtualSize: DISK_BYTES,
    warning,
  });
  return list.cases;
}
