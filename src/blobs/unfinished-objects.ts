// Files that become objects of a bucket. A file grows under a name that is no object's key, in the
// bucket's own folder (a bucket may be a file system of its own), and takes its object's name by one
// rename: nobody ever sees half of it. What is taken away again is told by its version: a file of that
// name which somebody else put there is never removed. No folder on the way may be a link.
import { lstat, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { versionOf } from './buckets.ts';
import { errorCode, isMissing } from './file-error.ts';
import { makeFolder, syncFolder } from './folders.ts';
import { isBucketName, isObjectKey, UNFINISHED_PREFIX } from './object-names.ts';

/** The folder of one bucket. */
export interface BucketFolder {
  bucketsRoot: string;
  bucket: string;
}

const folderOf = ({ bucketsRoot, bucket }: BucketFolder): string => {
  if (!isBucketName(bucket)) throw new RangeError('The name of a bucket is not well formed.');
  return join(bucketsRoot, bucket);
};

const objectPath = (folder: BucketFolder, object: string): string => {
  if (!isObjectKey(object)) throw new RangeError('The key of an object is not well formed.');
  return join(folderOf(folder), object);
};

/**
 * Where a file grows: `name` says which work's it is, and which of its files, so that an owner can always
 * be told (`export-<task>.1`, `upload-<id>`).
 */
export const unfinishedPath = (folder: BucketFolder, name: string): string => {
  if (!/^[a-z]{1,16}-[0-9a-z][0-9a-z.-]{0,99}$/.test(name))
    throw new RangeError('An unfinished object is named after the work that it belongs to.');
  return join(folderOf(folder), `${UNFINISHED_PREFIX}${name}`);
};

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

/** Whether the bucket is a folder, and no link to one. */
export const bucketIsThere = async (folder: BucketFolder): Promise<boolean> => {
  try {
    return (await lstat(folderOf(folder))).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

/**
 * Gives the file of `version` its object's name, in the place of any file that has it; idempotent.
 * `missing`: there is no such file; `taken`: a folder has the name, or no folder can be made on the way.
 * Durable after `syncObject`.
 */
export const nameObject = async (
  folder: BucketFolder,
  unfinished: string,
  object: string,
  version: string,
): Promise<'named' | 'missing' | 'taken'> => {
  const path = objectPath(folder, object);
  if (!(await makeParents(folder, object))) return 'taken';
  if ((await versionAt(unfinished)) !== version)
    return (await versionAt(path)) === version ? 'named' : 'missing';
  try {
    await rename(unfinished, path);
    return 'named';
  } catch (error) {
    if (['EISDIR', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error))) return 'taken';
    throw error;
  }
};

/** Makes the folders of the key; false when something else than a folder has one of their names. */
const makeParents = async (folder: BucketFolder, object: string): Promise<boolean> => {
  let path = folderOf(folder);
  for (const part of object.split('/').slice(0, -1)) {
    path = join(path, part);
    await makeFolder(path);
    if (!(await lstat(path)).isDirectory()) return false;
  }
  return true;
};

/** Makes durable that the object has its name, and the unfinished file none. */
export const syncObject = async (folder: BucketFolder, object: string): Promise<void> => {
  const bucket = folderOf(folder);
  const parent = dirname(objectPath(folder, object));
  await syncFolder(parent);
  if (parent !== bucket) await syncFolder(bucket);
};

export const syncBucket = (folder: BucketFolder): Promise<void> => syncFolder(folderOf(folder));

/** Takes away what grew, and the object if it is the file of `version`. */
export const takeAway = async (
  folder: BucketFolder,
  unfinished: string,
  object: string,
  version: string | undefined,
): Promise<void> => {
  await remove(unfinished);
  const path = objectPath(folder, object);
  if (version !== undefined && (await versionAt(path)) === version) await remove(path);
};

/** Looks first: on a read-only file system even the removal of nothing is an error. */
const remove = async (path: string): Promise<void> => {
  if ((await versionAt(path)) === undefined) return;
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
};
