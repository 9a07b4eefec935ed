// Objects that come in parts. All that an upload is lies in one folder of its bucket, under a name that is
// no object's key: what it is for (`upload.json`), and each part as a file that is named after its number,
// its MD5 and its CRC-64. So a restart finds every acknowledged part, and what is abandoned is told by its folder.
import { randomUUID } from 'node:crypto';
import {
  mkdir,
  open,
  opendir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './file-error.ts';
import { syncFolder } from './folders.ts';
import { UNFINISHED_PREFIX } from './object-names.ts';

export interface MultipartUpload {
  uploadId: string;
  object: string;
  initiatedMs: number;
  /** What the object will carry. */
  facts: Readonly<Record<string, string>>;
}

export interface StoredPart {
  partNumber: number;
  /** Lower-case hex. */
  md5: string;
  /** CRC-64 (ECMA) in decimal; parts of an older version have none. */
  crc64: string | undefined;
  sizeBytes: number;
  modifiedMs: number;
  path: string;
}

const FOLDER = `${UNFINISHED_PREFIX}parts-`;
/** What a crash left of one that was dropped. */
const DROPPED = `${UNFINISHED_PREFIX}dropped-`;
const ABOUT = 'upload.json';
export const MAX_PARTS = 10_000;
/** Unfinished uploads of one bucket. */
export const MAX_UPLOADS = 10_000;

/** The bucket has as many unfinished uploads as it may. */
export class TooManyUploads extends Error {
  override readonly name = 'TooManyUploads';
}

const folderOf = (bucketFolder: string, uploadId: string): string => {
  if (!/^[0-9A-F]{32}$/.test(uploadId)) throw new RangeError('The id of an upload is malformed.');
  return join(bucketFolder, `${FOLDER}${uploadId.toLowerCase()}`);
};

/** The id of the upload whose folder has this name. */
export const uploadIdOf = (folderName: string): string | undefined =>
  new RegExp(`^${UNFINISHED_PREFIX.replace('.', '\\.')}parts-([0-9a-f]{32})$`)
    .exec(folderName)?.[1]
    ?.toUpperCase();

/** @throws TooManyUploads */
export const beginParts = async (
  bucketFolder: string,
  upload: Omit<MultipartUpload, 'uploadId'>,
): Promise<string> => {
  if ((await uploadIds(bucketFolder)).length >= MAX_UPLOADS) throw new TooManyUploads();
  const uploadId = randomUUID().replaceAll('-', '').toUpperCase();
  const folder = folderOf(bucketFolder, uploadId);
  await mkdir(folder, { mode: 0o700 });
  try {
    await writeAbout(folder, upload);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(bucketFolder);
  return uploadId;
};

const writeAbout = async (folder: string, upload: object): Promise<void> => {
  const handle = await open(join(folder, ABOUT), 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(upload));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(folder);
};

/** Undefined when there is no such upload (any more). */
export const findParts = async (
  bucketFolder: string,
  uploadId: string,
): Promise<MultipartUpload | undefined> => {
  if (!/^[0-9A-F]{32}$/.test(uploadId)) return undefined;
  try {
    const text = await readFile(join(folderOf(bucketFolder, uploadId), ABOUT), 'utf8');
    return { uploadId, ...(JSON.parse(text) as Omit<MultipartUpload, 'uploadId'>) };
  } catch (error) {
    // A crash can leave a folder without a whole file in it: no answer ever named that upload.
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** In order of key and id. */
export const listUploads = async (bucketFolder: string): Promise<MultipartUpload[]> => {
  const uploads: MultipartUpload[] = [];
  for (const uploadId of await uploadIds(bucketFolder)) {
    const found = await findParts(bucketFolder, uploadId);
    if (found !== undefined) uploads.push(found);
  }
  const order = (upload: MultipartUpload) => `${upload.object}\0${upload.uploadId}`;
  return uploads.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
};

const uploadIds = async (bucketFolder: string): Promise<string[]> => {
  const ids: string[] = [];
  try {
    for await (const { name } of await opendir(bucketFolder)) {
      const uploadId = uploadIdOf(name);
      if (uploadId !== undefined && ids.length < MAX_UPLOADS) ids.push(uploadId);
    }
  } catch (error) {
    // Nothing has grown for the bucket yet.
    if (!isMissing(error)) throw error;
  }
  return ids;
};

/** Where a part grows. */
export const growingPart = (bucketFolder: string, uploadId: string): string =>
  join(folderOf(bucketFolder, uploadId), `${randomUUID()}.growing`);

/** The file that grew, whole and synced, is the part from now on; it replaces an earlier one. */
export const keepPart = async (
  bucketFolder: string,
  uploadId: string,
  grown: string,
  { partNumber, md5, crc64 }: Pick<StoredPart, 'partNumber' | 'md5'> & { crc64: string },
): Promise<void> => {
  const folder = folderOf(bucketFolder, uploadId);
  const name = `${String(partNumber).padStart(5, '0')}.${md5}.${crc64}`;
  await rename(grown, join(folder, name));
  for (const other of await readdir(folder))
    if (other.startsWith(name.slice(0, 6)) && other !== name) await unlink(join(folder, other));
  await syncFolder(folder);
};

/** In order of number. */
export const listParts = async (bucketFolder: string, uploadId: string): Promise<StoredPart[]> => {
  const folder = folderOf(bucketFolder, uploadId);
  const parts: StoredPart[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const [, number, md5, crc64] = /^(\d{5})\.([0-9a-f]{32})(?:\.(\d{1,20}))?$/.exec(name) ?? [];
    if (md5 === undefined) continue;
    const path = join(folder, name);
    const { size, mtimeMs } = await stat(path);
    const partNumber = Number(number);
    parts.push({ partNumber, md5, crc64, sizeBytes: size, modifiedMs: mtimeMs, path });
  }
  return parts;
};

/** The bytes of the parts, one after the other. */
export async function* joinParts(parts: readonly StoredPart[]): AsyncGenerator<Uint8Array> {
  for (const { path } of parts) {
    const handle = await open(path, 'r');
    yield* handle.createReadStream({ highWaterMark: 1024 * 1024 });
  }
}

/** At once for everybody: first the folder loses its name, then its files go. */
export const dropParts = async (bucketFolder: string, uploadId: string): Promise<void> => {
  const dropped = join(bucketFolder, `${DROPPED}${uploadId.toLowerCase()}`);
  try {
    await rename(folderOf(bucketFolder, uploadId), dropped);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await rm(dropped, { recursive: true, force: true });
  await syncFolder(bucketFolder);
};
