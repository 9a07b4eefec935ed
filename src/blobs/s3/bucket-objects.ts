// Objects of buckets as S3 keeps them: `<prefix><bucket>/<object>`, with the version of the grown file that it
// was made of as metadata. What another program puts there is an object too.
import { Readable } from 'node:stream';
import type { OpenObject, StoredObject } from '../buckets.ts';
import type { S3Access } from './client.ts';
import { headObject, openObject, type ObjectHead } from './objects.ts';

/** Name of the metadata. */
export const GROWN_VERSION = 'kindred-grown-version';

/** By the server's own word for the content, which a put by anybody changes. */
export const versionOfHead = ({ etag, sizeBytes, modifiedMs }: ObjectHead): string =>
  `s3:${etag}:${sizeBytes}:${modifiedMs}`;

export const statBucketObject = async (
  access: S3Access,
  key: string,
): Promise<(StoredObject & { etag: string }) | undefined> => {
  const head = await headObject(access, key);
  if (head === undefined) return undefined;
  const { sizeBytes, modifiedMs, etag, metadata } = head;
  const version = versionOfHead(head);
  const grownVersion = metadata[GROWN_VERSION] ?? version;
  return { sizeBytes, modifiedMs, version, grownVersion, etag };
};

export const openBucketObject = async (
  access: S3Access,
  key: string,
): Promise<OpenObject | undefined> => {
  const found = await statBucketObject(access, key);
  if (found === undefined) return undefined;
  const { etag, ...told } = found;
  let stream: Readable | undefined;
  return {
    ...told,
    async stream(range) {
      if (range.start === range.end) return Readable.from([]);
      const opened = await openObject(access, key, { range, etag });
      return (stream = opened?.stream ?? Readable.from([]));
    },
    async close() {
      stream?.destroy();
    },
  };
};
