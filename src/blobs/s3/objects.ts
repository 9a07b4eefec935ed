// The calls on objects that the store makes, with answers in our words: what is there, its bytes, all
// names. Everything that is no answer about an object is StoreUnavailable.
import { Readable } from 'node:stream';
import { StoreUnavailable, type ByteRange, type OpenBlob } from '../blob-store.ts';
import { isNoSuchBucket, statusOf, unavailable, type S3Access } from './client.ts';
import { exactly } from './exactly.ts';
import { s3Address } from './settings.ts';

export interface ObjectHead {
  sizeBytes: number;
  /** What was put with it. */
  metadata: Readonly<Record<string, string>>;
  /** With its quotes. */
  etag: string;
  modifiedMs: number;
}

export const headObject = async (
  access: S3Access,
  key: string,
): Promise<ObjectHead | undefined> => {
  const { sdk, client, settings } = access;
  const { bucket: Bucket, prefix } = settings;
  try {
    const found = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: prefix + key }));
    return {
      sizeBytes: found.ContentLength ?? -1,
      metadata: found.Metadata ?? {},
      etag: found.ETag ?? '',
      modifiedMs: found.LastModified?.getTime() ?? 0,
    };
  } catch (error) {
    if (statusOf(error) !== 404) throw unavailable(settings, error);
    if (key !== access.mark) await confirmStore(access);
    return undefined;
  }
};

/** A HEAD says 404 of an object and of a bucket alike: without its mark the store is not there at all. */
const confirmStore = async (access: S3Access): Promise<void> => {
  const { mark, settings } = access;
  if ((await headObject(access, mark)) !== undefined) return;
  throw new StoreUnavailable(`${s3Address(settings)}: ${mark} is not there any more.`);
};

/**
 * @param etag of the content that is wanted, when it may have changed
 * @throws RangeError when the range does not lie within the object
 * @throws StoreUnavailable also when the content is another
 */
export const openObject = async (
  access: S3Access,
  key: string,
  { range, etag }: { range?: ByteRange | undefined; etag?: string } = {},
): Promise<OpenBlob | undefined> => {
  const { sdk, client, settings } = access;
  const { bucket: Bucket, prefix } = settings;
  // Also for the whole: only the answer to a range tells the size twice.
  const Range = range === undefined ? 'bytes=0-' : `bytes=${range.start}-${range.end - 1}`;
  try {
    const found = await client.send(
      new sdk.GetObjectCommand({
        Bucket,
        Key: prefix + key,
        Range,
        ...(etag !== undefined && { IfMatch: etag }),
      }),
    );
    const stream = found.Body as Readable; // in Node every body is one
    const given = spanOf(found.ContentRange, found.ContentLength);
    const wanted = range ?? { start: 0, end: given?.sizeBytes ?? 0 };
    if (given === undefined || given.start !== wanted.start || given.end !== wanted.end) {
      stream.destroy();
      if (given !== undefined && range !== undefined && range.end > given.sizeBytes)
        throw outside(range, given.sizeBytes);
      throw new StoreUnavailable(`${s3Address(settings)}: another range came than was asked for.`);
    }
    const bytes = exactly(stream, wanted.end - wanted.start, `${s3Address(settings)}${key}`);
    return { sizeBytes: given.sizeBytes, stream: bytes };
  } catch (error) {
    const status = statusOf(error);
    if (status === 416 && range !== undefined) throw outside(range);
    if (status === 416) return emptyObject(access, key);
    if (status !== 404 || isNoSuchBucket(error)) throw unavailable(settings, error);
    await confirmStore(access);
    return undefined;
  }
};

/** Of nothing there is no range. */
const emptyObject = async (access: S3Access, key: string): Promise<OpenBlob | undefined> => {
  const found = await headObject(access, key);
  if (found !== undefined && found.sizeBytes !== 0)
    throw new StoreUnavailable(`${s3Address(access.settings)}: the server gives no range.`);
  return found && { sizeBytes: 0, stream: Readable.from([]) };
};

const outside = ({ start, end }: ByteRange, sizeBytes?: number): RangeError =>
  new RangeError(
    `The range ${start} to ${end} does not lie within ${sizeBytes ?? 'the blob’s'} bytes.`,
  );

/** What part of what whole an answer carries. */
const spanOf = (
  contentRange: string | undefined,
  contentLength: number | undefined,
): (ByteRange & { sizeBytes: number }) | undefined => {
  const [, first, last, whole] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange ?? '') ?? [];
  if (first === undefined || last === undefined || whole === undefined) return undefined;
  const end = Number(last) + 1;
  if (end - Number(first) !== contentLength) return undefined;
  return { start: Number(first), end, sizeBytes: Number(whole) };
};
