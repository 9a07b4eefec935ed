// Buckets in S3-compatible storage: one bucket there, in which ours are the folders below a prefix. Bodies grow
// on a local disk, as blobs are staged, and are put once they are whole: so an upload goes on after any crash
// from the length of its file, memory is two parts of a put, and an object in S3 is always a whole one.
import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreUnavailable } from '../blob-store.ts';
import type { Buckets } from '../buckets.ts';
import { isMissing } from '../file-error.ts';
import { versionAt } from '../file-version.ts';
import { makeFolder, syncFolder } from '../folders.ts';
import { growthFolder } from '../growth-place.ts';
import { isBucketName, isObjectKey, UNFINISHED_PREFIX } from '../object-names.ts';
import { bucketKeys } from './bucket-keys.ts';
import { GROWN_VERSION, openBucketObject, statBucketObject } from './bucket-objects.ts';
import { unavailable, type S3Access } from './client.ts';
import { listObjects, unfinishedUploads } from './listing.ts';
import { headObject } from './objects.ts';
import { putFile } from './put-file.ts';
import { s3Address } from './settings.ts';

/** A small object for each bucket that was made, so that an empty one is there. */
const MADE = '.kindred-buckets/';
/** Buckets that are listed at once. */
const MAX_BUCKETS = 10_000;

export interface S3BucketsOptions {
  access: S3Access;
  growthRoot: string;
}

export const makeS3Buckets = ({ access, growthRoot }: S3BucketsOptions): Buckets => {
  const { settings } = access;
  const folder = (bucket: string): string => growthFolder({ growthRoot }, bucket);
  const keyOf = (bucket: string, object: string): string => `${bucket}/${object}`;
  const isKey = (bucket: string, object: string): boolean =>
    isBucketName(bucket) && isObjectKey(object);

  const bucketExists = async (bucket: string): Promise<boolean> => {
    if (!isBucketName(bucket)) return false;
    return (await headObject(access, MADE + bucket)) !== undefined || holdsAny(access, bucket);
  };

  return {
    growthRoot,
    bucketExists,
    async createBucket(bucket) {
      await makeFolder(folder(bucket));
      await putMade(access, MADE + bucket);
    },
    async deleteBucket(bucket) {
      if (!(await bucketExists(bucket))) return 'missing';
      // Files that grow, and uploads in parts, are somebody's work.
      const grows = (await namesIn(folder(bucket))).some((n) => n.startsWith(UNFINISHED_PREFIX));
      if (grows || (await holdsAny(access, bucket))) return 'not-empty';
      await deleteKey(access, MADE + bucket);
      await removeFolder(folder(bucket));
      return 'deleted';
    },
    bucketNames: () => bucketNames(access),

    statObject: async (bucket, object) =>
      isKey(bucket, object) ? statBucketObject(access, keyOf(bucket, object)) : undefined,
    openObject: async (bucket, object) =>
      isKey(bucket, object) ? openBucketObject(access, keyOf(bucket, object)) : undefined,
    source: (bucket, object) => ({ kind: 's3', settings, key: keyOf(bucket, object) }),
    keys: (bucket, query) => bucketKeys(access, `${bucket}/`, query),
    async deleteObject(bucket, object) {
      const key = keyOf(bucket, object);
      if (!isKey(bucket, object) || (await headObject(access, key)) === undefined) return false;
      await deleteKey(access, key);
      return true;
    },

    prepareGrowth: (bucket) => makeFolder(folder(bucket)),
    async nameObject(bucket, grownPath, object, version) {
      if (!isKey(bucket, object)) throw new RangeError('The key of an object is not well formed.');
      const key = keyOf(bucket, object);
      if ((await versionAt(grownPath)) !== version)
        return (await grownVersionOf(access, key)) === version ? 'named' : 'missing';
      const sizeBytes = Number(version.split(':')[2]);
      const metadata = { [GROWN_VERSION]: version };
      await putFile(access, { path: grownPath, key, sizeBytes, metadata, ifNew: false });
      // An upload counts once the server tells it back.
      const found = await headObject(access, key);
      if (found?.sizeBytes !== sizeBytes || found.metadata[GROWN_VERSION] !== version)
        throw new StoreUnavailable(`${s3Address(settings)}${key}: a put was lost or overtaken.`);
      await removeFile(grownPath);
      return 'named';
    },
    async takeAway(bucket, grownPath, object, version) {
      if ((await versionAt(grownPath)) !== undefined) await removeFile(grownPath);
      if (version === undefined || !isKey(bucket, object)) return;
      const key = keyOf(bucket, object);
      if ((await grownVersionOf(access, key)) === version) await deleteKey(access, key);
    },
    unfinished: (beforeMs, after) => unfinishedUploads(access, '', { beforeMs, after }),
  };
};

const grownVersionOf = async (access: S3Access, key: string): Promise<string | undefined> =>
  (await headObject(access, key))?.metadata[GROWN_VERSION];

const removeFile = async (path: string): Promise<void> => {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
};

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

const removeFolder = async (folder: string): Promise<void> => {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
};

const putMade = async (access: S3Access, key: string): Promise<void> => {
  const { client, sdk, settings } = access;
  try {
    const Key = settings.prefix + key;
    await client.send(new sdk.PutObjectCommand({ Bucket: settings.bucket, Key, Body: '{}\n' }));
  } catch (error) {
    throw unavailable(settings, error);
  }
};

const deleteKey = async (access: S3Access, key: string): Promise<void> => {
  const { client, sdk, settings } = access;
  try {
    const Key = settings.prefix + key;
    await client.send(new sdk.DeleteObjectCommand({ Bucket: settings.bucket, Key }));
  } catch (error) {
    throw unavailable(settings, error);
  }
};

/** Whether anything lies in the bucket, also what is no key of ours: it was put there by somebody. */
const holdsAny = async (access: S3Access, bucket: string): Promise<boolean> => {
  const { client, sdk, settings } = access;
  try {
    const asked = { Bucket: settings.bucket, Prefix: `${settings.prefix}${bucket}/`, MaxKeys: 1 };
    const { Contents } = await client.send(new sdk.ListObjectsV2Command(asked));
    return (Contents ?? []).length > 0;
  } catch (error) {
    throw unavailable(settings, error);
  }
};

/** Those that were made, and those that somebody has begun by putting an object. */
const bucketNames = async (access: S3Access): Promise<{ name: string; creationMs: number }[]> => {
  const found = new Map<string, number>();
  for await (const key of bucketKeys(access, '', { prefix: '', after: '', isGrouped: true }))
    if (key.endsWith('/') && isBucketName(key.slice(0, -1))) found.set(key.slice(0, -1), 0);
  for await (const { key, modifiedMs } of listObjects(access, MADE))
    if (found.size < MAX_BUCKETS && isBucketName(key.slice(MADE.length)))
      found.set(key.slice(MADE.length), modifiedMs);
  return [...found]
    .map(([name, creationMs]) => ({ name, creationMs }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
};
