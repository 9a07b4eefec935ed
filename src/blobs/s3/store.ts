// Blobs as objects: `<prefix>sha256/aa/<64 hex>`, one object each. An object appears whole or not at
// all, and If-None-Match keeps a second put from touching the first. Never overwrites unasked, never
// believes an upload that the server does not tell back with its size and digest.
import { rm } from 'node:fs/promises';
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
import { sizeOf } from '../file-size.ts';
import { syncFolder } from '../folders.ts';
import { unavailable, type S3Access } from './client.ts';
import { headObject, openObject } from './objects.ts';
import { listObjects, unfinishedUploads } from './listing.ts';
import { putFile } from './put-file.ts';
import { s3Address } from './settings.ts';

export interface S3BlobsOptions {
  access: S3Access;
  /** `s3`; a region's own store is `s3:<region>`. */
  name: string;
  faults?: Faults;
}

export const FOLDER = 'sha256/';

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
    const { sha256 = hexOf(digest) } = found.metadata;
    if (found.sizeBytes !== sizeBytes || sha256 !== hexOf(digest))
      throw new BlobConflict(digest, found.sizeBytes, sizeBytes);
  };

  return {
    name,
    source: (digest) => ({ kind: 's3', settings, key: keyOf(digest) }),

    async put(stagedPath, digest, sizeBytes, { replaces = false } = {}) {
      const isThere = !replaces && (await headObject(access, keyOf(digest))) !== undefined;
      if (!isThere && (await sizeOf(stagedPath)) !== sizeBytes) return 'missing';
      const metadata = { sha256: hexOf(digest) };
      const file = { path: stagedPath, key: keyOf(digest), sizeBytes, metadata, ifNew: !replaces };
      // Of two puts at once the second joins the first, whose bytes are looked at next.
      const isFirst = !isThere && (await putFile(access, file)) === 'put';
      await verified(digest, sizeBytes);
      faults.reach('publish.renamed');
      await rm(stagedPath, { force: true });
      await syncFolder(dirname(stagedPath));
      faults.reach('publish.synced');
      return isFirst ? 'stored' : 'joined';
    },

    async open(digest, range) {
      if (range === undefined) return openObject(access, keyOf(digest));
      const { start, end } = range;
      if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end)) || start < 0 || start > end)
        throw new RangeError('A range is two whole numbers, the first not after the second.');
      if (start < end) return openObject(access, keyOf(digest), { range });
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
