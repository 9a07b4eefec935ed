import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { isMissing } from './file-error.ts';

/** Changes whenever the content may have changed; stays when the file is renamed. */
export const versionOf = (found: Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs'>): string =>
  `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;

/** The version of the regular file at `path`; undefined when there is none. */
export const versionAt = async (path: string): Promise<string | undefined> => {
  try {
    const found = await lstat(path, { bigint: true });
    return found.isFile() ? versionOf(found) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};
