// The files of objects, looked for from the folder of all buckets. A key is whatever a caller wrote, so nothing
// here may ever leave the bucket's folder: not by `..`, not by a link on the way, not by a link at the end,
// and only regular files count. A key that cannot be a file here is simply missing.
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing } from './file-error.ts';
import { isBucketName, isObjectKey } from './object-names.ts';

export interface OpenFile {
  /** The caller closes it. */
  handle: FileHandle;
  found: BigIntStats;
}

export const openObjectFile = (
  root: string,
  bucket: string,
  object: string,
): Promise<OpenFile | undefined> =>
  isBucketName(bucket) && isObjectKey(object)
    ? openWithin(root, join(bucket, object))
    : Promise.resolve(undefined);

/**
 * Opens first and asks afterwards where that was: a folder swapped for a link in between would show
 * as another path or as another file. O_NONBLOCK, since opening a pipe would wait for its writer.
 */
const openWithin = async (root: string, relative: string): Promise<OpenFile | undefined> => {
  const path = join(root, relative);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await handle.stat({ bigint: true });
    const expected = join(await realpath(root), relative);
    const reached = join(await realpath(dirname(path)), path.slice(dirname(path).length + 1));
    const named = await stat(reached, { bigint: true });
    const isInside =
      reached === expected && named.dev === found.dev && named.ino === found.ino && found.isFile();
    if (!isInside) {
      await handle.close();
      return undefined;
    }
    return { handle, found };
  } catch (error) {
    await handle?.close();
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** Whether the key leads to a regular file, over folders only. */
export const leadsToFile = async (folder: string, object: string): Promise<boolean> => {
  const parts = object.split('/');
  let path = folder;
  try {
    if (!(await lstat(path)).isDirectory()) return false;
    for (const [i, part] of parts.entries()) {
      path = join(path, part);
      const found = await lstat(path);
      if (i === parts.length - 1 ? !found.isFile() : !found.isDirectory()) return false;
    }
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};
