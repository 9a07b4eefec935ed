// VHD images with odd types and parents, sizes that lie, tables and blocks out of place, and checksums
// and copies of the footer that do not agree.
import { CaseList } from './corpus-case.ts';
import {
  BLOCK_AT,
  TABLE_AT,
  VHD_BYTES,
  dynamicVhd,
  fixedVhd,
  seal,
  type DynamicParts,
} from './vhd-image.ts';

const list = () => new CaseList('vhd', { declared: 'vhd', virtualSize: VHD_BYTES });

function types() {
  const cases = list();
  for (const type of [0, 1, 5, 6, 7, 2 ** 32 - 1])
    cases.reject(`type-${type}`, 'VHD_DISK_TYPE', dynamicVhd({ type }));
  const version = dynamicVhd({ edit: (image, at) => image.u32(at + 12, 0x2_0000) });
  cases.reject('version-2', 'VHD_DISK_TYPE', version);
  cases.reject('differencing', 'VHD_DIFFERENCING', dynamicVhd({ type: 4 }));
  const parent = (edit: NonNullable<DynamicParts['editHeader']>) =>
    dynamicVhd({ editHeader: edit });
  const LOCATOR = 'VHD_PARENT_LOCATOR';
  cases.reject(
    'parent-id',
    LOCATOR,
    parent((image, at) => image.u8(at + 40, 1)),
  );
  const name = '\0/\0e\0t\0c\0/\0p\0a\0s\0s\0w\0d';
  cases.reject(
    'parent-name',
    LOCATOR,
    parent((image, at) => image.put(at + 64, name)),
  );
  cases.reject(
    'parent-locator',
    LOCATOR,
    parent((image, at) => image.put(at + 576, 'W2ru')),
  );
  const saved = (image: { u8(at: number, value: number): unknown }, at: number) => {
    image.u8(at + 84, 1);
  };
  cases.reject('saved-state', 'VHD_SAVED_STATE', dynamicVhd({ edit: saved }));
  cases.reject('saved-state-fixed', 'VHD_SAVED_STATE', fixedVhd({ edit: saved }));
  return cases.cases;
}

function sizes() {
  const cases = list();
  const claims = (size: bigint) => dynamicVhd({ edit: (image, at) => image.u64(at + 48, size) });
  cases.reject('size-0', 'VIRTUAL_SIZE_ZERO', claims(0n), { virtualSize: 0n });
  cases.reject('size-odd', 'VIRTUAL_SIZE_ALIGNMENT', claims(1_000_001n), {
    virtualSize: 1_000_001n,
  });
  for (const size of [2n ** 41n + 512n, 2n ** 53n + 512n, 2n ** 63n, 2n ** 64n - 1n])
    cases.reject(`size-${size}`, 'VIRTUAL_SIZE_LIMIT', claims(size), { virtualSize: size });
  const beyond = 2040n * 2n ** 30n + 512n;
  cases.reject('size-beyond-vhd', 'VIRTUAL_SIZE_LIMIT', claims(beyond), { virtualSize: beyond });
  const MISMATCH = 'VHD_SIZE_MISMATCH';
  cases.reject('fixed-shorter', MISMATCH, fixedVhd({ bodyBytes: VHD_BYTES - 512 }));
  cases.reject('fixed-longer', MISMATCH, fixedVhd({ bodyBytes: VHD_BYTES + 4096 }));
  const GEOMETRY = 'VHD_GEOMETRY_MISMATCH';
  for (const geometry of [
    [0, 4, 17],
    [121, 16, 255],
    [60, 4, 17],
    [122, 4, 17],
  ] as const)
    cases.reject(`geometry-${geometry.join('-')}`, GEOMETRY, dynamicVhd({ geometry }));
  cases.reject('geometry-fixed', GEOMETRY, fixedVhd({ geometry: [1, 1, 1] }));
  const rounded = { size: VHD_BYTES + 30 * 512, creator: 'win ' };
  cases.accept('geometry-rounded', dynamicVhd(rounded), {
    virtualSize: rounded.size,
    warning: 'VHD_GEOMETRY_ROUNDED',
  });
  const grown = dynamicVhd({ edit: (image, at) => image.u64(at + 40, 2 ** 20) });
  cases.accept('original-size-smaller', grown);
  return cases.cases;
}

function tables() {
  const cases = list();
  const header = (edit: NonNullable<DynamicParts['editHeader']>) =>
    dynamicVhd({ editHeader: edit });
  const OFFSET = 'VHD_BAT_OFFSET';
  const table = (offset: bigint | number) => header((image, at) => image.u64(at + 16, offset));
  cases.reject('bat-at-0', OFFSET, table(0));
  cases.reject('bat-on-header', OFFSET, table(512));
  cases.reject('bat-unaligned', OFFSET, table(TABLE_AT + 1));
  cases.reject('bat-beyond-file', OFFSET, table(2n ** 40n));
  cases.reject('bat-2-64', OFFSET, table(2n ** 64n - 512n));
  const headerAt = (offset: bigint) =>
    dynamicVhd({ edit: (image, at) => image.u64(at + 16, offset) });
  cases.reject('header-at-0', OFFSET, headerAt(0n));
  cases.reject('header-unaligned', OFFSET, headerAt(513n));
  cases.reject('header-beyond-file', OFFSET, headerAt(2n ** 40n));
  for (const entries of [0, 1, 2 ** 32 - 1])
    cases.reject(
      `bat-entries-${entries}`,
      'VHD_BAT_SIZE',
      header((image, at) => image.u32(at + 28, entries)),
    );
  for (const bytes of [0, 1, 3 * 2 ** 20, 2 ** 31, 2 ** 32 - 1])
    cases.reject(
      `block-size-${bytes}`,
      'VHD_BLOCK_SIZE',
      header((image, at) => image.u32(at + 32, bytes)),
    );
  const entry = (index: number, sector: number) => dynamicVhd().u32(TABLE_AT + index * 4, sector);
  const BLOCK = 'VHD_BLOCK_OFFSET';
  cases.reject('block-on-footer-copy', BLOCK, entry(0, 0));
  cases.reject('block-on-table', BLOCK, entry(0, 3));
  cases.reject('block-shared', BLOCK, entry(1, BLOCK_AT / 512));
  cases.reject('block-overlaps', BLOCK, entry(0, BLOCK_AT / 512 + 1));
  cases.reject('block-beyond-file', BLOCK, entry(1, 2 ** 31));
  return cases.cases;
}

function copies() {
  const cases = list();
  const last = (edit: NonNullable<DynamicParts['editLast']>) => dynamicVhd({ editLast: edit });
  cases.reject(
    'footer-checksum',
    'VHD_CHECKSUM',
    last((image, at) => image.u32(at + 64, 1)),
  );
  cases.reject(
    'copy-checksum',
    'VHD_CHECKSUM',
    last((image) => image.u32(64, 1)),
  );
  cases.reject(
    'header-checksum',
    'VHD_CHECKSUM',
    last((image) => image.u32(512 + 36, 1)),
  );
  const differs = last((image) => {
    image.u64(48, VHD_BYTES * 2);
    seal(image, 0, 512, 64);
  });
  cases.reject('copy-differs', 'VHD_FOOTER_MISMATCH', differs);
  return cases.cases;
}

export const vhdCases = () => [...types(), ...sizes(), ...tables(), ...copies()];
