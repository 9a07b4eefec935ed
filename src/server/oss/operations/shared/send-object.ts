// Reading one object: whole, by one range, under conditions, or its headers alone. The handle of the file
// stays open exactly as long as its bytes are sent.
import type { OpenObject } from '../../../../blobs/buckets.ts';
import { parseRange } from '../../../paths/byte-range.ts';
import { preconditions, rangeApplies } from '../../../paths/preconditions.ts';
import { quoted } from '../../copy-source.ts';
import { OssError } from '../../error.ts';
import { crc64Header } from '../../object-headers.ts';
import type { Facts } from '../../objects.ts';
import type { OssAnswer, OssContext } from '../../operation.ts';

/** Headers of the answer that a request may set, as `response-<name>`. */
export const OVERRIDES = ['content-type', 'content-language', 'expires', 'cache-control'].concat([
  'content-disposition',
  'content-encoding',
]);

export const sendObject = async ({ objects, request }: OssContext): Promise<OssAnswer> => {
  const found = await objects.open(request.bucket, request.key);
  if (found === undefined) throw new OssError('NoSuchKey', undefined, { Key: request.key });
  let isSent = false;
  try {
    const answer = await answerOf(request, found);
    isSent = answer.body !== undefined;
    return answer;
  } finally {
    if (!isSent) await found.close();
  }
};

const answerOf = async (
  { method, query, headers }: OssContext['request'],
  found: OpenObject & { facts: Facts },
): Promise<OssAnswer> => {
  const { sizeBytes, facts, modifiedMs } = found;
  const validators = { etag: facts.etag, modifiedMs };
  const conditions = conditionsOf(headers);
  const ended = preconditions(conditions, validators);
  if (ended === 412) throw new OssError('PreconditionFailed');
  const common: Record<string, string | number> = {
    'content-type': 'application/octet-stream',
    ...facts.headers,
    etag: facts.etag,
    ...crc64Header(facts),
    'last-modified': new Date(validators.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    'x-oss-object-type': /-\d+"$/.test(facts.etag) ? 'Multipart' : 'Normal',
    'x-oss-storage-class': 'Standard',
  };
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value !== undefined) common[name] = plainText(value);
  }
  if (ended === 304) return { status: 304, headers: common };
  if (method === 'HEAD')
    return { status: 200, headers: { ...common, 'content-length': sizeBytes } };
  const range = rangeApplies(conditions, validators)
    ? parseRange(headers.get('range'), sizeBytes)
    : undefined;
  if (range === 'unsatisfiable')
    throw new OssError('InvalidRange', undefined, { ActualObjectSize: String(sizeBytes) });
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  if (start === end) return { status: 200, headers: { ...common, 'content-length': 0 } };
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...common,
      'content-length': end - start,
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }),
    },
    body: await found.stream({ start, end }),
  };
};

const conditionsOf = (headers: ReadonlyMap<string, string>): Record<string, string> => {
  const conditions: Record<string, string> = {};
  for (const name of ['if-match', 'if-none-match']) {
    const value = headers.get(name);
    if (value !== undefined) conditions[name] = quoted(value);
  }
  for (const name of ['if-modified-since', 'if-unmodified-since', 'if-range']) {
    const value = headers.get(name);
    if (value !== undefined) conditions[name] = value;
  }
  return conditions;
};

/** What a header can carry; anything else could begin another one. */
const plainText = (value: string): string => {
  if (!/^[\x20-\x7e]{0,1024}$/.test(value))
    throw new OssError('InvalidArgument', 'A header of the answer cannot carry that text.');
  return value;
};
