// Blobs as objects: `<prefix>sha256/aa/<64 hex>`, one object each. An object appears whole or not at
// all, and If-None-Match keeps a second put from touching the first. Never overwrites unasked, never
// believes an upload that the server does not tell back with its size and digest.
import { rm, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import type { Digest } from '../../domain/ids.ts';
import { noFaults, type Faults } from '../../lib/fault.ts';
import {
  BlobConflict,
  digestOfHex,
  hexOf,
  StoreUnavailable,
  type BlobStore,
  type StoredBlob,
} from '../blob-store.ts';
import { isMissing } from '../file-error.ts';
import { syncFolder } from '../folders.ts';
import { loadSdk, statusOf, unavailable, type S3Access } from './client.ts';
import { headObject, openObject } from './objects.ts';
import { listObjects, unfinishedUploads } from './listing.ts';
import { s3Address } from './settings.ts';

export interface S3BlobsOptions {
  access: S3Access;
  /** `s3`; a region's own store is `s3:<region>`. */
  name: string;
  faults?: Faults;
}

export const FOLDER = 'sha256/';
const MIB = 1024 * 1024;
/** Smaller files go in one request. Two parts are in memory and on their way at once. */
const PART_BYTES = 8 * MIB;
const PARTS_AT_ONCE = 2;
/** The protocol has 10,000; a larger file has larger parts. */
const MOST_PARTS = 9_000;

export const keyOf = (digest: Digest): string => {
  const hex = hexOf(digest);
  return `${FOLDER}${hex.slice(0, 2)}/${hex}`;
};

export const makeS3Blobs = ({ access, name, faults = noFaults }: S3BlobsOptions): BlobStore => {
  const { client, sdk, settings } = access;
  const { bucket: Bucket, prefix } = settings;

  /** @throws BlobConflict when what lies there is not the blob, as far as the server tells */
  const verified = async (digest: Digest, sizeBytes: number): Promise<void> => {
    const found = await headObject(access, keyOf(digest));
    if (found === undefined) throw new StoreUnavailable(`${s3Address(settings)}: a put was lost.`);
    const isOurs = found.sha256 === undefined || found.sha256 === hexOf(digest);
    if (found.sizeBytes !== sizeBytes || !isOurs)
      throw new BlobConflict(digest, found.sizeBytes, sizeBytes);
  };

  return {
    name,
    source: (digest) => ({ kind: 's3', settings, key: keyOf(digest) }),

    async put(stagedPath, digest, sizeBytes, { replaces = false } = {}) {
      const isThere = !replaces && (await headObject(access, keyOf(digest))) !== undefined;
      if (!isThere && (await sizeOf(stagedPath)) !== sizeBytes) return 'missing';
      const outcome = isThere
        ? 'joined'
        : await upload(access, stagedPath, digest, sizeBytes, replaces);
      await verified(digest, sizeBytes);
      faults.reach('publish.renamed');
      await rm(stagedPath, { force: true });
      await syncFolder(dirname(stagedPath));
      faults.reach('publish.synced');
      return outcome;
    },

    async open(digest, range) {
      if (range === undefined) return openObject(access, keyOf(digest));
      const { start, end } = range;
      if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end)) || start < 0 || start > end)
        throw new RangeError('A range is two whole numbers, the first not after the second.');
      if (start < end) return openObject(access, keyOf(digest), range);
      const found = await headObject(access, keyOf(digest));
      if (found !== undefined && end > found.sizeBytes)
        throw new RangeError(`${end} does not lie within ${found.sizeBytes} bytes.`);
      return found && { sizeBytes: found.sizeBytes, stream: Readable.from([]) };
    },

    async head(digest) {
      const found = await headObject(access, keyOf(digest));
      return found && { sizeBytes: found.sizeBytes };
    },

    async delete(digest) {
      const existed = (await headObject(access, keyOf(digest))) !== undefined;
      try {
        const Key = prefix + keyOf(digest);
        if (existed) await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }));
      } catch (error) {
        throw unavailable(settings, error);
      }
      return existed;
    },

    async *list(after = '') {
      const afterKey = after === '' ? undefined : keyOf(after);
      for await (const { key, ...found } of listObjects(access, FOLDER, afterKey)) {
        const hex = /^sha256\/([0-9a-f]{2})\/(\1[0-9a-f]{62})$/.exec(key)?.[2];
        if (hex !== undefined) yield { digest: digestOfHex(hex), ...found } satisfies StoredBlob;
      }
    },

    unfinished: (beforeMs, after) => unfinishedUploads(access, FOLDER, { beforeMs, after }),
  };
};

/** One request, or parts; the object is there when the last request is answered, and not before. */
const upload = async (
  { client, settings }: S3Access,
  stagedPath: string,
  digest: Digest,
  sizeBytes: number,
  replaces: boolean,
): Promise<'stored' | 'joined'> => {
  const { Upload } = await loadSdk(() => import('@aws-sdk/lib-storage'));
  const body = createReadStream(stagedPath, { highWaterMark: MIB });
  try {
    await new Upload({
      client,
      partSize: Math.max(PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS)),
      queueSize: PARTS_AT_ONCE,
      params: {
        Bucket: settings.bucket,
        Key: settings.prefix + keyOf(digest),
        Body: body,
        Metadata: { sha256: hexOf(digest) },
        ...(!replaces && { IfNoneMatch: '*' }),
      },
    }).done();
    return 'stored';
  } catch (error) {
    // 412: another put was first; what it stored is looked at next.
    if (statusOf(error) === 412) return 'joined';
    throw unavailable(settings, error);
  } finally {
    body.destroy();
  }
};

const sizeOf = async (path: string): Promise<number | undefined> => {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};
