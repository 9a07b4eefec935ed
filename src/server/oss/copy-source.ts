// What `x-oss-copy-source` names: an object of a bucket of the caller.
import type { Readable } from 'node:stream';
import { parseRange } from '../paths/byte-range.ts';
import { preconditions } from '../paths/preconditions.ts';
import { OssError } from './error.ts';
import type { Facts } from './objects.ts';
import type { OssContext } from './operation.ts';
import { requireOwnBucket } from './own-bucket.ts';

export interface CopySource {
  facts: Facts;
  /** Of what is copied. */
  sizeBytes: number;
  stream(): Promise<Readable>;
  close(): Promise<void>;
}

/** The caller closes it. @throws OssError */
export const openSource = async (context: OssContext): Promise<CopySource> => {
  const { objects, request, caller } = context;
  const named = request.headers.get('x-oss-copy-source') ?? '';
  const [, bucket = '', escaped = ''] = /^\/?([^/]+)\/(.+)$/s.exec(named) ?? [];
  let key: string;
  try {
    // Go's older SDK writes a space as in a form; every client escapes a plus sign.
    key = decodeURIComponent(escaped.replaceAll('+', ' '));
  } catch {
    throw new OssError('InvalidArgument', 'The source of the copy is not well formed.');
  }
  await context.permit('oss:GetObject', [`${bucket}/${key}`]);
  await requireOwnBucket(context, caller, bucket);
  const found = await objects.open(bucket, key);
  if (found === undefined) throw new OssError('NoSuchKey');
  const close = () => found.close();
  try {
    checkConditions(context, found.facts.etag);
    const range = parseRange(request.headers.get('x-oss-copy-source-range'), found.sizeBytes);
    if (range === 'unsatisfiable') throw new OssError('InvalidRange');
    const { start, end } = range ?? { start: 0, end: found.sizeBytes };
    return {
      facts: found.facts,
      sizeBytes: end - start,
      stream: () => found.stream({ start, end }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const checkConditions = ({ request }: OssContext, etag: string): void => {
  const match = request.headers.get('x-oss-copy-source-if-match');
  const noneMatch = request.headers.get('x-oss-copy-source-if-none-match');
  const ended = preconditions(
    {
      ...(match !== undefined && { 'if-match': quoted(match) }),
      ...(noneMatch !== undefined && { 'if-none-match': quoted(noneMatch) }),
    },
    { etag },
  );
  if (ended === 412) throw new OssError('PreconditionFailed');
  if (ended === 304) throw new OssError('NotModified');
};

/** Clients send an ETag with its quotes or without. */
export const quoted = (etag: string): string =>
  etag.includes('"') || etag.trim() === '*' ? etag : `"${etag}"`;
