// Objects that are written into buckets. A file grows under a name that is no object's key, in the
// bucket's own folder (a bucket may be a file system of its own), and takes its object's name by one
// rename: nobody ever sees half of it. What is taken away again is told by its version: a file of that
// name which somebody else put there is never removed.
import { lstat, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskId } from '../domain/ids.ts';
import { versionOf } from './buckets.ts';
import { errorCode, isMissing } from './file-error.ts';
import { syncFolder } from './folders.ts';
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
  if (!isObjectKey(object) || object.includes('/'))
    throw new RangeError('An exported object lies in the folder of its bucket.');
  return join(folderOf(folder), object);
};

/** Where disk `position` of the task grows. */
export const unfinishedPath = (folder: BucketFolder, taskId: TaskId, position: number): string => {
  const name = `${UNFINISHED_PREFIX}${taskId}.${position}`;
  if (!/^\.kindred-export-t-[0-9a-z]{1,60}\.[0-9]{1,3}$/.test(name))
    throw new RangeError('An unfinished object is named after a task and a position.');
  return join(folderOf(folder), name);
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
 * `missing`: there is no such file; `taken`: a folder has the name. Durable after `syncBucket`.
 */
export const nameObject = async (
  folder: BucketFolder,
  unfinished: string,
  object: string,
  version: string,
): Promise<'named' | 'missing' | 'taken'> => {
  const path = objectPath(folder, object);
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
