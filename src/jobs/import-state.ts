// What an import knows: the JSON in `job.state`. The request writes the first part of each disk; the
// steps add what they have learnt. It is read back from disk, so it is checked.
import type { DiskFormat } from '../disk/inspect.ts';
import { isDigest } from '../blobs/blob-store.ts';
import type { Digest, SnapshotId } from '../domain/ids.ts';

const DECLARED = { QCOW2: 'qcow2', RAW: 'raw', VHD: 'vhd', VMDK: 'vmdk' } as const;
export type DeclaredFormat = keyof typeof DECLARED | '';

/** What the ingest step has found out about a disk. */
export interface Ingested {
  digest: Digest;
  sizeBytes: number;
  format: string;
  virtualSizeBytes: number;
  /** Codes of what is odd about the disk, without being refused. */
  warnings: readonly string[];
}

export interface ImportDisk extends Partial<Ingested> {
  /** 1 is the system disk. */
  position: number;
  snapshotId: SnapshotId;
  bucket: string;
  object: string;
  declaredFormat: DeclaredFormat;
  /** 0 when the request named no size. */
  declaredSizeGib: number;
  /** Of the object when the import was accepted. */
  sourceVersion: string;
  sourceSizeBytes: number;
}

export interface ImportState {
  disks: readonly ImportDisk[];
}

/** @throws when the text is no state of an import */
export const parseImportState = (text: string): ImportState => {
  const state: unknown = JSON.parse(text);
  if (!isObject(state) || !Array.isArray(state.disks) || state.disks.length === 0)
    throw new TypeError('The state of an import names no disk.');
  return { disks: state.disks.map(parseDisk) };
};

export const ingestedOf = (disk: ImportDisk): Ingested => {
  const { digest, sizeBytes, format, virtualSizeBytes, warnings } = disk;
  if (
    digest === undefined ||
    sizeBytes === undefined ||
    format === undefined ||
    virtualSizeBytes === undefined ||
    warnings === undefined
  )
    throw new TypeError(`Disk ${disk.position} has not been ingested.`);
  return { digest, sizeBytes, format, virtualSizeBytes, warnings };
};

/** The state with what was found out about one disk. */
export const withIngested = (
  state: ImportState,
  position: number,
  found: Ingested,
): ImportState => ({
  disks: state.disks.map((disk) => (disk.position === position ? { ...disk, ...found } : disk)),
});

export const declaredDiskFormat = (disk: ImportDisk): DiskFormat | undefined =>
  disk.declaredFormat === '' ? undefined : DECLARED[disk.declaredFormat];

const GIB = 1024 ** 3;

/** The size that a disk gets: as asked, or as large as its content needs. */
export const sizeGibOf = (disk: ImportDisk): number =>
  Math.max(disk.declaredSizeGib, Math.ceil(ingestedOf(disk).virtualSizeBytes / GIB));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const parseDisk = (value: unknown): ImportDisk => {
  if (!isObject(value)) throw new TypeError('A disk of an import is no object.');
  const text = (name: string): string => {
    const found = value[name];
    if (typeof found !== 'string') throw new TypeError(`${name} of a disk is no text.`);
    return found;
  };
  const whole = (name: string): number => {
    const found = value[name];
    if (!Number.isSafeInteger(found)) throw new TypeError(`${name} of a disk is no whole number.`);
    return Number(found);
  };
  const declaredFormat = text('declaredFormat');
  if (!isDeclaredFormat(declaredFormat))
    throw new TypeError('The declared format of a disk is not known.');
  const asked = {
    position: whole('position'),
    snapshotId: text('snapshotId') as SnapshotId, // written by the request, from the row
    bucket: text('bucket'),
    object: text('object'),
    declaredFormat,
    declaredSizeGib: whole('declaredSizeGib'),
    sourceVersion: text('sourceVersion'),
    sourceSizeBytes: whole('sourceSizeBytes'),
  };
  if (value.digest === undefined) return asked;
  const digest = text('digest');
  if (!isDigest(digest)) throw new TypeError('The digest of a disk is malformed.');
  const warnings = Array.isArray(value.warnings) ? value.warnings.map(String) : [];
  const format = text('format');
  return {
    ...asked,
    digest,
    format,
    warnings,
    sizeBytes: whole('sizeBytes'),
    virtualSizeBytes: whole('virtualSizeBytes'),
  };
};

const isDeclaredFormat = (text: string): text is DeclaredFormat =>
  text === '' || Object.hasOwn(DECLARED, text);
