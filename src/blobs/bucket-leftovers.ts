// What lies in buckets and is no object: bodies on their way in, uploads in parts that nobody has completed.
// A crash leaves such files, and so do clients that never come back. Here they are told of, and removed
// once nobody has written them for long; uploads on secret URLs and exports have rows, which decide.
import { lstat, opendir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { dropParts, findParts, uploadIdOf } from './bucket-parts.ts';
import type { BucketLeftover } from '../domain/installation.ts';
import { isMissing } from './file-error.ts';
import { isBucketName, UNFINISHED_PREFIX } from './object-names.ts';

/** A body that lives moves a byte at least every minute. */
const GRACE_MS = 24 * 3600 * 1000;

export interface LeftoverLimits {
  nowMs: number;
  /** How long an upload in parts may lie without a new one; Infinity keeps it. */
  multipartExpiryMs: number;
}

/** In no order. @param bucketsRoot the folder of the buckets' folders */
export async function* leftoversIn(bucketsRoot: string): AsyncGenerator<BucketLeftover> {
  for await (const bucket of namesIn(bucketsRoot)) {
    if (!isBucketName(bucket)) continue;
    const folder = join(bucketsRoot, bucket);
    if ((await lstat(folder)).isDirectory())
      for await (const name of namesIn(folder)) {
        const found = await leftoverOf(bucket, folder, name);
        if (found !== undefined) yield found;
      }
  }
}

/** Removes what has lain for too long; gives how many uploads and files that were. */
export const sweepLeftovers = async (
  bucketsRoot: string,
  { nowMs, multipartExpiryMs }: LeftoverLimits,
): Promise<number> => {
  let removed = 0;
  for await (const { bucket, name, uploadId, modifiedMs } of leftoversIn(bucketsRoot)) {
    const folder = join(bucketsRoot, bucket);
    const lifeMs = uploadId === '' ? GRACE_MS : multipartExpiryMs;
    if (modifiedMs > nowMs - lifeMs) continue;
    if (uploadId !== '') await dropParts(folder, uploadId);
    else await removeFile(join(folder, name));
    removed += 1;
  }
  return removed;
};

const removeFile = async (path: string): Promise<void> => {
  if ((await lstat(path)).isDirectory()) await rm(path, { recursive: true, force: true });
  else await unlink(path);
};

const leftoverOf = async (
  bucket: string,
  folder: string,
  name: string,
): Promise<BucketLeftover | undefined> => {
  const uploadId = uploadIdOf(name) ?? '';
  const isOurs = /^(put|dropped)-/.test(name.slice(UNFINISHED_PREFIX.length));
  if (uploadId === '' && !(name.startsWith(UNFINISHED_PREFIX) && isOurs)) return undefined;
  try {
    const path = join(folder, name);
    const found = await lstat(path);
    if (!found.isDirectory())
      return found.isFile() && uploadId === ''
        ? { bucket, name, object: '', uploadId, sizeBytes: found.size, modifiedMs: found.mtimeMs }
        : undefined;
    let [sizeBytes, modifiedMs] = [0, found.mtimeMs];
    for await (const part of namesIn(path)) {
      const { size, mtimeMs } = await lstat(join(path, part));
      sizeBytes += size;
      modifiedMs = Math.max(modifiedMs, mtimeMs);
    }
    const object = (await findParts(folder, uploadId))?.object ?? '';
    return { bucket, name, object, uploadId, sizeBytes, modifiedMs };
  } catch (error) {
    // Completed or removed while it was looked at.
    if (isMissing(error)) return undefined;
    throw error;
  }
};

async function* namesIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(folder)) yield name;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
