// What lies in buckets and is no object: bodies on their way in, uploads in parts that nobody has completed.
// A crash leaves such files, and so do clients that never come back. Here they are told of, and removed
// once nobody has written them for long; uploads on secret URLs and exports have rows, which decide.
import { lstat, opendir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dropParts, findParts, uploadIdOf } from './bucket-parts.ts';
import type { BucketLeftover } from '../domain/installation.ts';
import { isMissing } from './file-error.ts';
import type { GarbageSource } from './garbage.ts';
import { isBucketName, UNFINISHED_PREFIX } from './object-names.ts';

/** A body that lives moves a byte at least every minute. */
const GRACE_MS = 24 * 3600 * 1000;

export interface LeftoverLimits {
  nowMs: number;
  /** How long an upload in parts may lie without a new one; Infinity keeps it. */
  multipartExpiryMs: number;
}

/**
 * In order of bucket and name, behind `after` (`<bucket>/<name>`).
 * @param bucketsRoot the folder of the buckets' folders
 */
export async function* leftoversIn(
  bucketsRoot: string,
  after = '',
): AsyncGenerator<BucketLeftover> {
  const [afterBucket = '', afterName = ''] = after.split('/');
  for (const bucket of await sortedNames(bucketsRoot, isBucketName)) {
    if (bucket < afterBucket) continue;
    const folder = join(bucketsRoot, bucket);
    if (!(await lstat(folder)).isDirectory()) continue;
    for (const name of await sortedNames(folder, isLeftover)) {
      if (bucket === afterBucket && name <= afterName) continue;
      const found = await leftoverOf(bucket, folder, name);
      if (found !== undefined) yield found;
    }
  }
}

/** What has lain for too long. */
export const leftoverSource = (
  bucketsRoot: string,
  limits: () => LeftoverLimits,
): GarbageSource => ({
  name: 'leftovers',
  async *look(after) {
    const { nowMs, multipartExpiryMs } = limits();
    const isOver = ({ uploadId, modifiedMs }: BucketLeftover): boolean =>
      modifiedMs <= nowMs - (uploadId === '' ? GRACE_MS : multipartExpiryMs);
    for await (const leftover of leftoversIn(bucketsRoot, after)) {
      const { bucket, name, sizeBytes } = leftover;
      const position = `${bucket}/${name}`;
      const remove = () => removeIf(isOver, bucketsRoot, leftover);
      const about = { kind: 'BucketLeftover', name, place: bucket, sizeBytes } as const;
      yield isOver(leftover) ? { position, garbage: { ...about, remove } } : { position };
    }
  },
});

/** Looks again: a part may have come meanwhile. */
const removeIf = async (
  isOver: (leftover: BucketLeftover) => boolean,
  bucketsRoot: string,
  { bucket, name, uploadId }: BucketLeftover,
): Promise<number | undefined> => {
  const folder = join(bucketsRoot, bucket);
  const found = await leftoverOf(bucket, folder, name);
  if (found === undefined || !isOver(found)) return undefined;
  if (uploadId !== '') await dropParts(folder, uploadId);
  else await rm(join(folder, name), { recursive: true, force: true });
  return found.sizeBytes;
};

const isLeftover = (name: string): boolean =>
  uploadIdOf(name) !== undefined ||
  (name.startsWith(UNFINISHED_PREFIX) &&
    /^(put|dropped)-/.test(name.slice(UNFINISHED_PREFIX.length)));

const leftoverOf = async (
  bucket: string,
  folder: string,
  name: string,
): Promise<BucketLeftover | undefined> => {
  const uploadId = uploadIdOf(name) ?? '';
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

const sortedNames = async (
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<string[]> => {
  const names: string[] = [];
  for await (const name of namesIn(folder)) if (isWanted(name)) names.push(name);
  return names.toSorted();
};

async function* namesIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(folder)) yield name;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
