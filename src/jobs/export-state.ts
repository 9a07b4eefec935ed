// What an export knows: the JSON in `job.state`. Acceptance writes bucket and disks; the steps add the
// version of each file that they have written. It is read back from disk, so it is checked.
import { isDigest } from '../blobs/blob-store.ts';
import type { ExportDisk } from '../domain/image-export.ts';

export interface WrittenDisk extends ExportDisk {
  /** Of the file that was written, hashed and synced; absent before. */
  version?: string;
  /** Of the converted file, which the file in the bucket is copied from. */
  converted?: string;
}

export interface ExportState {
  bucket: string;
  disks: readonly WrittenDisk[];
}

/** @throws when the text is no state of an export */
export const parseExportState = (text: string): ExportState => {
  const state: unknown = JSON.parse(text);
  if (!isObject(state) || !Array.isArray(state.disks) || typeof state.bucket !== 'string')
    throw new TypeError('The state of an export names no bucket or no disks.');
  return { bucket: state.bucket, disks: state.disks.map(parseDisk) };
};

/** The state with what was found out about one disk. */
export const withFound = (
  state: ExportState,
  position: number,
  found: Pick<WrittenDisk, 'version' | 'converted'>,
): string =>
  JSON.stringify({
    ...state,
    disks: state.disks.map((disk) => (disk.position === position ? { ...disk, ...found } : disk)),
  } satisfies ExportState);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const parseDisk = (value: unknown): WrittenDisk => {
  if (!isObject(value)) throw new TypeError('A disk of an export is no object.');
  const { position, digest, sizeBytes, format, object, version } = value;
  if (!Number.isSafeInteger(position) || !Number.isSafeInteger(sizeBytes))
    throw new TypeError('Position or size of a disk is no whole number.');
  if (typeof digest !== 'string' || !isDigest(digest))
    throw new TypeError('The digest of a disk is malformed.');
  if (typeof format !== 'string' || typeof object !== 'string')
    throw new TypeError('A disk of an export has no format or no object.');
  const { convertTo, converted } = value;
  return {
    position: Number(position),
    digest,
    sizeBytes: Number(sizeBytes),
    format,
    object,
    // Absent in the state of an export that an older version accepted, which converts nothing.
    virtualSizeBytes: Number.isSafeInteger(value.virtualSizeBytes)
      ? Number(value.virtualSizeBytes)
      : 0,
    ...(typeof convertTo === 'string' && { convertTo }),
    ...(value.isPacked === true && { isPacked: true }),
    ...(typeof converted === 'string' && { converted }),
    ...(typeof version === 'string' && { version }),
  };
};
