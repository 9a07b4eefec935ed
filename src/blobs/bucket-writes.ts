// Writing, listing and removing of objects in a folder of buckets. An object appears whole or not at all:
// its bytes grow under a name that is no key, are synced, and take the object's name by one rename.
import { createHash, randomUUID } from 'node:crypto';
import { lstat, opendir, readdir, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Crc64 } from '../lib/crc64.ts';
import { keysIn, type KeyQuery } from './bucket-keys.ts';
import { growFile } from './growing-file.ts';
import { errorCode, isMissing } from './file-error.ts';
import { syncFolder } from './folders.ts';
import { isBucketName, isObjectKey, UNFINISHED_PREFIX } from './object-names.ts';
import { nameObject, syncObject, unfinishedPath, versionAt } from './unfinished-objects.ts';

/** Bytes that have grown and are synced, and no object yet. */
export interface GrownFile {
  path: string;
  sizeBytes: number;
  /** Of the content, 16 bytes. */
  md5: Buffer;
  /** CRC-64 (ECMA) of the content, in decimal. */
  crc64: string;
  version: string;
}

export interface BucketWrites {
  /** Folder of the bucket. */
  folder(bucket: string): string;
  /** Takes a whole body in. @throws GrowthStopped, SyncFailure */
  grow(path: string, source: AsyncIterable<Uint8Array>, limitBytes: number): Promise<GrownFile>;
  /** Where the bytes of a new object grow. */
  growingPath(bucket: string): string;
  /** Gives what grew its key, durably, in the place of what had it. */
  name(bucket: string, object: string, grown: GrownFile): Promise<'named' | 'missing' | 'taken'>;
  /** Whether there was one. */
  deleteObject(bucket: string, object: string): Promise<boolean>;
  keys(bucket: string, query: KeyQuery): AsyncGenerator<string>;
  bucketNames(): Promise<{ name: string; creationMs: number }[]>;
  deleteBucket(bucket: string): Promise<'deleted' | 'not-empty' | 'missing'>;
}

/** Buckets that are listed at once. */
const MAX_BUCKETS = 10_000;

export const bucketWrites = (bucketsRoot: string, floorBytes: number): BucketWrites => {
  const folder = (bucket: string): string => {
    if (!isBucketName(bucket)) throw new RangeError('The name of a bucket is not well formed.');
    return join(bucketsRoot, bucket);
  };
  return {
    folder,
    growingPath: (bucket) => unfinishedPath({ bucketsRoot, bucket }, `put-${randomUUID()}`),
    async grow(path, source, limitBytes) {
      const hash = createHash('md5');
      const crc = new Crc64();
      const hashed = tap(source, (chunk) => {
        hash.update(chunk);
        crc.update(chunk);
      });
      const sizeBytes = await growFile({ path, offset: 0, limitBytes, source: hashed, floorBytes });
      const version = await versionAt(path);
      if (version === undefined) throw new Error(`The file ${path} is gone.`);
      return { path, sizeBytes, md5: hash.digest(), crc64: String(crc.digest()), version };
    },
    async name(bucket, object, grown) {
      const outcome = await nameObject({ bucketsRoot, bucket }, grown.path, object, grown.version);
      if (outcome === 'named') await syncObject({ bucketsRoot, bucket }, object);
      return outcome;
    },
    async deleteObject(bucket, object) {
      const path = join(folder(bucket), object);
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
    keys: (bucket, query) => keysIn(folder(bucket), query),
    bucketNames: () => bucketNames(bucketsRoot),
    deleteBucket: (bucket) => deleteBucket(folder(bucket)),
  };
};

async function* tap(
  source: AsyncIterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    see(chunk);
    yield chunk;
  }
}

/** Whether the key leads to a regular file, over folders only. */
const leadsToFile = async (folder: string, object: string): Promise<boolean> => {
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
