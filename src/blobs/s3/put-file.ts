import { createReadStream } from 'node:fs';
import { loadSdk, statusOf, unavailable, type S3Access } from './client.ts';

const MIB = 1024 * 1024;
/** Smaller files go in one request. Two parts are in memory and on their way at once. */
const PART_BYTES = 8 * MIB;
const PARTS_AT_ONCE = 2;
/** The protocol has 10,000; a larger file has larger parts. */
const MOST_PARTS = 9_000;

export interface PutFile {
  path: string;
  /** Without the store's prefix. */
  key: string;
  sizeBytes: number;
  metadata: Readonly<Record<string, string>>;
  /** Leave what is there. */
  ifNew: boolean;
}

/**
 * One request, or parts; the object is there when the last request is answered, and not before.
 * `there`: another was first. @throws StoreUnavailable
 */
export const putFile = async (
  { client, settings }: S3Access,
  { path, key, sizeBytes, metadata, ifNew }: PutFile,
): Promise<'put' | 'there'> => {
  const { Upload } = await loadSdk(() => import('@aws-sdk/lib-storage'));
  const body = createReadStream(path, { highWaterMark: MIB });
  try {
    await new Upload({
      client,
      partSize: Math.max(PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS)),
      queueSize: PARTS_AT_ONCE,
      params: {
        Bucket: settings.bucket,
        Key: settings.prefix + key,
        Body: body,
        Metadata: { ...metadata },
        ...(ifNew && { IfNoneMatch: '*' }),
      },
    }).done();
    return 'put';
  } catch (error) {
    if (statusOf(error) === 412 && ifNew) return 'there';
    throw unavailable(settings, error);
  } finally {
    body.destroy();
  }
};
