// Buckets in a folder that the operator fills as well: `<root>/<bucket>/<object>`. Bodies grow in the folder of
// their bucket, which may be a file system of its own, and become objects by one rename.
import { lstat, opendir, readdir, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Buckets, OpenObject } from './buckets.ts';
import { errorCode, isMissing } from './file-error.ts';
import { versionOf } from './file-version.ts';
import { makeFolder, syncFolder } from './folders.ts';
import { growthFolder } from './growth-place.ts';
import { isBucketName, isObjectKey, UNFINISHED_PREFIX } from './object-names.ts';

/** Buckets that are listed at once. */
const MAX_BUCKETS = 10_000;
/** Read at once of an object that is sent or copied. */
const READ_BYTES = 256 * 1024;

/** The buckets below `root`; made at the first bucket. */
export const openFolderBuckets = (root: string): Buckets => {
  const folder = (bucket: string): string => growthFolder({ growthRoot: root }, bucket);
  const openObject = async (bucket: string, object: string): Promise<OpenObject | undefined> => {
    const { openObjectFile } = await import('./object-files.ts');
    const file = await openObjectFile(root, bucket, object);
    if (file === undefined) return undefined;
    const { handle, found } = file;
    const version = versionOf(found);
    return {
      sizeBytes: Number(found.size),
      version,
      grownVersion: version,
      modifiedMs: Number(found.mtimeMs),
      stream: async ({ start, end }) =>
        // Its end is a byte of the file: of nothing there is no stream.
        handle.createReadStream({
          start,
          end: Math.max(start, end - 1),
          highWaterMark: READ_BYTES,
        }),
      close: () => handle.close(),
    };
  };
  return {
    growthRoot: root,
    openObject,
    async bucketExists(bucket) {
      if (!isBucketName(bucket)) return false;
      return isFolder(join(root, bucket));
    },
    createBucket: async (bucket) => makeFolder(folder(bucket)),
    deleteBucket: async (bucket) => deleteBucket(folder(bucket)),
    bucketNames: () => bucketNames(root),
    async statObject(bucket, object) {
      const found = await openObject(bucket, object);
      if (found === undefined) return undefined;
      await found.close();
      const { sizeBytes, version, grownVersion, modifiedMs } = found;
      return { sizeBytes, version, grownVersion, modifiedMs };
    },
    source: (bucket, object) => ({ kind: 'folder', root, bucket, object }),
    async *keys(bucket, query) {
      const { keysIn } = await import('./bucket-keys.ts');
      yield* keysIn(folder(bucket), query);
    },
    async deleteObject(bucket, object) {
      const path = join(folder(bucket), object);
      const { leadsToFile } = await import('./object-files.ts');
      if (!isObjectKey(object) || !(await leadsToFile(folder(bucket), object))) return false;
      try {
        await unlink(path);
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
      await syncFolder(dirname(path));
      return true;
    },
    prepareGrowth: () => Promise.resolve(),
    async nameObject(bucket, grownPath, object, version) {
      const { nameObject } = await import('./unfinished-objects.ts');
      return nameObject(folder(bucket), grownPath, object, version);
    },
    async takeAway(bucket, grownPath, object, version) {
      const { takeAway } = await import('./unfinished-objects.ts');
      return takeAway(folder(bucket), grownPath, object, version);
    },
    async *unfinished() {},
  };
};

/** And no link to one. */
const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

const bucketNames = async (root: string): Promise<{ name: string; creationMs: number }[]> => {
  const found: { name: string; creationMs: number }[] = [];
  try {
    for await (const entry of await opendir(root)) {
      if (!entry.isDirectory() || !isBucketName(entry.name) || found.length >= MAX_BUCKETS)
        continue;
      const { birthtimeMs } = await lstat(join(root, entry.name));
      found.push({ name: entry.name, creationMs: birthtimeMs });
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

const deleteBucket = async (folder: string): Promise<'deleted' | 'not-empty' | 'missing'> => {
  try {
    // Files that grow, and uploads in parts, are somebody's work.
    if ((await readdir(folder)).some((name) => name.startsWith(UNFINISHED_PREFIX)))
      return 'not-empty';
    await removeEmpty(folder);
  } catch (error) {
    if (isMissing(error)) return 'missing';
    if (['ENOTEMPTY', 'EEXIST'].includes(errorCode(error))) return 'not-empty';
    throw error;
  }
  await syncFolder(dirname(folder));
  return 'deleted';
};

/** Folders that hold nothing but such folders; anything else makes `rmdir` fail. */
const removeEmpty = async (folder: string): Promise<void> => {
  for await (const entry of await opendir(folder))
    if (entry.isDirectory()) await removeEmpty(join(folder, entry.name));
  await rmdir(folder);
};
