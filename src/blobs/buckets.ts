// Where bucket names live: `<root>/<bucket>/<object>`. An object's key is whatever a caller wrote, so
// nothing here may ever leave the bucket's folder: not by `..`, not by a link on the way, not by a
// link at the end, and only regular files count. A key that cannot be a file here is simply missing.
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BucketObject } from '../domain/installation.ts';
import { isMissing } from './file-error.ts';
import { makeFolder } from './folders.ts';
import { isBucketName, isObjectKey } from './object-names.ts';

/** An object held open: later changes of its name do not change what is read. */
export interface OpenObject extends BucketObject {
  /** The caller closes it. */
  handle: FileHandle;
}

export interface Buckets {
  readonly root: string;
  bucketExists(bucket: string): Promise<boolean>;
  createBucket(bucket: string): Promise<void>;
  statObject(bucket: string, object: string): Promise<BucketObject | undefined>;
  openObject(bucket: string, object: string): Promise<OpenObject | undefined>;
}

/** Changes whenever the content may have changed. */
export const versionOf = (found: Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs'>): string =>
  `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;

/** The buckets below `root`, which the operator fills; made at the first bucket. */
export const openBuckets = (root: string): Buckets => {
  const openObject = (bucket: string, object: string): Promise<OpenObject | undefined> =>
    isBucketName(bucket) && isObjectKey(object)
      ? openWithin(root, join(bucket, object))
      : Promise.resolve(undefined);
  return {
    root,
    openObject,
    async bucketExists(bucket) {
      if (!isBucketName(bucket)) return false;
      return (await lstatOf(join(root, bucket)))?.isDirectory() === true;
    },
    async createBucket(bucket) {
      if (!isBucketName(bucket)) throw new RangeError('The name of a bucket is not well formed.');
      await makeFolder(join(root, bucket));
    },
    async statObject(bucket, object) {
      const found = await openObject(bucket, object);
      if (found === undefined) return undefined;
      await found.handle.close();
      return { sizeBytes: found.sizeBytes, version: found.version };
    },
  };
};

/**
 * Opens first and asks afterwards where that was: a folder swapped for a link in between would show
 * as another path or as another file. O_NONBLOCK, since opening a pipe would wait for its writer.
 */
const openWithin = async (root: string, relative: string): Promise<OpenObject | undefined> => {
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
    return { handle, sizeBytes: Number(found.size), version: versionOf(found) };
  } catch (error) {
    await handle?.close();
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const lstatOf = async (path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> => {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};
