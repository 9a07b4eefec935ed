// What a crash leaves of bodies that were on their way into buckets: files that no request writes any more.
import { lstat, opendir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './file-error.ts';
import { isBucketName, UNFINISHED_PREFIX } from './object-names.ts';

/** A body that lives moves a byte at least every minute. */
const GRACE_MS = 24 * 3600 * 1000;

/** Removes what was last written more than a day ago; gives how many files that were. */
export const sweepLeftovers = async (bucketsRoot: string, nowMs: number): Promise<number> => {
  let removed = 0;
  for (const bucket of await namesIn(bucketsRoot)) {
    if (!isBucketName(bucket)) continue;
    const folder = join(bucketsRoot, bucket);
    const isReal = (await lstat(folder)).isDirectory();
    for (const name of isReal ? await namesIn(folder, `${UNFINISHED_PREFIX}put-`) : []) {
      const path = join(folder, name);
      const found = await lstat(path);
      if (!found.isFile() || found.mtimeMs > nowMs - GRACE_MS) continue;
      await unlink(path);
      removed += 1;
    }
  }
  return removed;
};

const namesIn = async (folder: string, prefix = ''): Promise<string[]> => {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder))
      if (name.startsWith(prefix)) names.push(name);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return names;
};
