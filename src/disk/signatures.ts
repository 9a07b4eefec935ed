// How formats begin (or end): the table by which content is recognised. Data only. It lists what a
// sender may mistake for a disk, and everything that some other tool would open as a disk image.

/** What a recognised format is: a disk image, an optical disc, or no disk at all. */
export type Family = 'disk' | 'optical' | 'other';

export interface Signature {
  readonly format: string;
  readonly family: Family;
  /** Bytes from the start of the image or, when negative, from its end. */
  readonly offset: number;
  /** One character per byte (Latin-1). */
  readonly magic: string;
}

const at = (offset: number, format: string, family: Family, magic: string): Signature => ({
  format,
  family,
  offset,
  magic,
});

export const SIGNATURES: readonly Signature[] = [
  at(0, 'qcow2', 'disk', 'QFI\xfb'),
  at(0, 'vmdk', 'disk', 'KDMV'),
  at(0, 'vmdk', 'disk', 'COWD'),
  at(0, 'vmdk', 'disk', '\xbe\xba\xfe\xca\0\0\0\0'), // seSparse
  at(0, 'vmdk', 'disk', '# Disk DescriptorFile'),
  at(0, 'vhd', 'disk', 'conectix'),
  at(-512, 'vhd', 'disk', 'conectix'),
  at(0, 'vhdx', 'disk', 'vhdxfile'),
  at(64, 'vdi', 'disk', '\x7f\x10\xda\xbe'),
  at(0, 'qed', 'disk', 'QED\0'),
  at(0, 'luks', 'disk', 'LUKS\xba\xbe'),
  at(0, 'parallels', 'disk', 'WithoutFreeSpace'),
  at(0, 'parallels', 'disk', 'WithouFreSpacExt'),
  at(0, 'bochs', 'disk', 'Bochs Virtual HD Image'),
  at(0, 'cloop', 'disk', '#!/bin/sh\n#V2.0 Format\n'),
  at(0, 'android-sparse', 'disk', '\x3a\xff\x26\xed'),
  at(0, 'ewf', 'disk', 'EVF\t\r\n\xff\0'),
  at(0, 'wim', 'disk', 'MSWIM\0\0\0'),
  at(0, 'vma', 'disk', 'VMA\0'),
  at(-512, 'dmg', 'disk', 'koly'),
  at(0, 'dmg', 'disk', 'encrcdsa'),
  at(0, 'sparseimage', 'disk', 'sprs'),
  at(0, 'aff', 'disk', 'AFF10\r\n\0'),
  at(32769, 'iso', 'optical', 'CD001'),
  at(32769, 'udf', 'optical', 'BEA01'),
  at(32769, 'udf', 'optical', 'NSR02'),
  at(32769, 'udf', 'optical', 'NSR03'),
  at(34817, 'udf', 'optical', 'NSR02'),
  at(34817, 'udf', 'optical', 'NSR03'),
  at(0, 'gzip', 'other', '\x1f\x8b'),
  at(0, 'compress', 'other', '\x1f\x9d'),
  at(0, 'xz', 'other', '\xfd7zXZ\0'),
  at(0, 'lzma', 'other', '\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff'),
  at(0, 'zip', 'other', 'PK\x03\x04'),
  at(0, 'zip', 'other', 'PK\x05\x06'),
  at(0, 'zip', 'other', 'PK\x07\x08'),
  at(0, '7z', 'other', '7z\xbc\xaf\x27\x1c'),
  at(0, 'rar', 'other', 'Rar!\x1a\x07'),
  at(0, 'bzip2', 'other', 'BZh'),
  at(0, 'zstd', 'other', '\x28\xb5\x2f\xfd'),
  at(0, 'lz4', 'other', '\x04\x22\x4d\x18'),
  at(0, 'lz4', 'other', '\x02\x21\x4c\x18'),
  at(0, 'lzip', 'other', 'LZIP'),
  at(0, 'lzop', 'other', '\x89LZO\0\r\n\x1a\n'),
  at(257, 'tar', 'other', 'ustar'),
  at(0, 'cpio', 'other', '070701'),
  at(0, 'cpio', 'other', '070702'),
  at(0, 'cpio', 'other', '070707'),
  at(0, 'ar', 'other', '!<arch>\n'),
  at(0, 'rpm', 'other', '\xed\xab\xee\xdb'),
  at(0, 'cab', 'other', 'MSCF\0\0\0\0'),
  at(0, 'xar', 'other', 'xar!\0\x1c'),
  at(0, 'elf', 'other', '\x7fELF'),
  at(0, 'pdf', 'other', '%PDF-'),
  at(0, 'png', 'other', '\x89PNG\r\n\x1a\n'),
  at(0, 'jpeg', 'other', '\xff\xd8\xff'),
  at(0, 'gif', 'other', 'GIF8'),
  at(0, 'sqlite', 'other', 'SQLite format 3\0'),
  at(0, 'xml', 'other', '\xff\xfe<\0'), // UTF-16
  at(0, 'xml', 'other', '\xfe\xff\0<'),
];
