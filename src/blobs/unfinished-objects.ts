// Files that become objects of a bucket. A file grows under a name that is no object's key, in the
// bucket's own folder (a bucket may be a file system of its own), and takes its object's name by one
// rename: nobody ever sees half of it. What is taken away again is told by its version: a file of that
// name which somebody else put there is never removed. No folder on the way may be a link.
import { lstat, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, isMissing } from './file-error.ts';
import { versionAt } from './file-version.ts';
import { makeFolder, syncFolder } from './folders.ts';
import { isObjectKey } from './object-names.ts';

const objectPath = (folder: string, object: string): string => {
  if (!isObjectKey(object)) throw new RangeError('The key of an object is not well formed.');
  return join(folder, object);
};

/**
 * Gives the file of `version` its object's name, in the place of any file that has it; idempotent, durable.
 * `missing`: there is no such file; `taken`: a folder has the name, or no folder can be made on the way.
 */
export const nameObject = async (
  folder: string,
  unfinished: string,
  object: string,
  version: string,
): Promise<'named' | 'missing' | 'taken'> => {
  const path = objectPath(folder, object);
  if (!(await makeParents(folder, object))) return 'taken';
  if ((await versionAt(unfinished)) !== version)
    return (await versionAt(path)) === version ? named(folder, object) : 'missing';
  try {
    await rename(unfinished, path);
    return await named(folder, object);
  } catch (error) {
    if (['EISDIR', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error))) return 'taken';
    throw error;
  }
};

const named = async (folder: string, object: string): Promise<'named'> => {
  await syncObject(folder, object);
  return 'named';
};

/** Makes the folders of the key; false when something else than a folder has one of their names. */
const makeParents = async (folder: string, object: string): Promise<boolean> => {
  let path = folder;
  for (const part of object.split('/').slice(0, -1)) {
    path = join(path, part);
    await makeFolder(path);
    if (!(await lstat(path)).isDirectory()) return false;
  }
  return true;
};

/** Makes durable that the object has its name, and the unfinished file none. */
const syncObject = async (folder: string, object: string): Promise<void> => {
  const parent = dirname(objectPath(folder, object));
  await syncFolder(parent);
  if (parent !== folder) await syncFolder(folder);
};

/** Takes away what grew, and the object if it is the file of `version`; durable. */
export const takeAway = async (
  folder: string,
  unfinished: string,
  object: string,
  version: string | undefined,
): Promise<void> => {
  const path = objectPath(folder, object);
  if (await remove(unfinished)) await syncFolder(dirname(unfinished));
  if (version !== undefined && (await versionAt(path)) === version && (await remove(path)))
    await syncFolder(dirname(path));
};

/** Looks first: on a read-only file system even the removal of nothing is an error. */
const remove = async (path: string): Promise<boolean> => {
  if ((await versionAt(path)) === undefined) return false;
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};
