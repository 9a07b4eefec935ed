// Pages of keys, in both versions of the listing. One page's work is bounded by its keys and by the names
// of the folders that it goes through, never by what lies below them.
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { renderXml } from '../../../wire/render-xml.ts';
import { OssError } from '../error.ts';
import type { OssContext, OssOperation } from '../operation.ts';
import { numberOf, shown, shownTime } from '../shown.ts';

interface Page {
  objects: { object: string; version: string; sizeBytes: number; modifiedMs: number }[];
  prefixes: string[];
  /** The last key or prefix told, when more come. */
  next: string | undefined;
}

const LIMITS = { least: 1, most: 1000, usual: 100 };

export const ListObjects: OssOperation = {
  name: 'ListObjects',
  method: 'GET',
  target: 'bucket',
  parameters: ['prefix', 'marker', 'max-keys', 'delimiter', 'encoding-type'],
  async run(context) {
    const { request } = context;
    const marker = request.query.get('marker') ?? '';
    const maxKeys = numberOf(request, 'max-keys', LIMITS);
    const page = await pageOf(context, marker, maxKeys);
    const { encoding, text } = shown(request);
    const body = renderXml('ListBucketResult', {
      ...(await common(context, page)),
      ...encoding,
      Marker: text(marker),
      MaxKeys: maxKeys,
      ...(page.next !== undefined && { NextMarker: text(page.next) }),
    });
    return { status: 200, body };
  },
};

export const ListObjectsV2: OssOperation = {
  name: 'ListObjectsV2',
  method: 'GET',
  target: 'bucket',
  selector: 'list-type',
  parameters: ['prefix', 'start-after', 'continuation-token', 'max-keys', 'delimiter'].concat([
    'encoding-type',
    'fetch-owner',
  ]),
  async run(context) {
    const { request } = context;
    if (request.query.get('list-type') !== '2')
      throw new OssError('InvalidArgument', 'The only list type is 2.');
    const startAfter = request.query.get('start-after') ?? '';
    const token = request.query.get('continuation-token') ?? '';
    const maxKeys = numberOf(request, 'max-keys', LIMITS);
    const page = await pageOf(context, token === '' ? startAfter : readToken(token), maxKeys);
    const { encoding, text } = shown(request);
    const body = renderXml('ListBucketResult', {
      ...(await common(context, page, request.query.get('fetch-owner') === 'true')),
      ...encoding,
      ...(startAfter !== '' && { StartAfter: text(startAfter) }),
      ...(token !== '' && { ContinuationToken: token }),
      MaxKeys: maxKeys,
      KeyCount: page.objects.length + page.prefixes.length,
      ...(page.next !== undefined && { NextContinuationToken: makeToken(page.next) }),
    });
    return { status: 200, body };
  },
};

const makeToken = (key: string): string => Buffer.from(key).toString('base64url');
const readToken = (token: string): string => {
  const key = Buffer.from(token, 'base64url').toString();
  if (makeToken(key) !== token)
    throw new OssError('InvalidArgument', 'The continuation token is not valid.');
  return key;
};

const pageOf = async (
  { objects, request }: OssContext,
  after: string,
  limit: number,
): Promise<Page> => {
  const delimiter = request.query.get('delimiter') ?? '';
  if (delimiter !== '' && delimiter !== '/')
    throw new OssError('NotImplemented', 'The only delimiter is `/`.');
  const page: Page = { objects: [], prefixes: [], next: undefined };
  const prefix = request.query.get('prefix') ?? '';
  const keys = objects.writes.keys(request.bucket, { prefix, after, isGrouped: delimiter !== '' });
  const folder = objects.writes.folder(request.bucket);
  let last = '';
  for await (const key of keys) {
    if (page.objects.length + page.prefixes.length === limit) {
      page.next = last;
      break;
    }
    if (key.endsWith('/')) page.prefixes.push(key);
    else {
      const [found, file] = await Promise.all([
        objects.buckets.statObject(request.bucket, key),
        stat(join(folder, key)).catch((): Stats | undefined => undefined),
      ]);
      // Deleted while the folder was read.
      if (found === undefined || file === undefined) continue;
      page.objects.push({ object: key, ...found, modifiedMs: file.mtimeMs });
    }
    last = key;
  }
  return page;
};

const common = async (
  { objects, request, caller }: OssContext,
  page: Page,
  withOwner = !request.query.has('list-type'),
) => {
  const { text } = shown(request);
  const facts = await objects.factsOf(request.bucket, page.objects);
  const Owner = { ID: caller.accountId, DisplayName: caller.accountId };
  return {
    Name: request.bucket,
    Prefix: text(request.query.get('prefix') ?? ''),
    Delimiter: text(request.query.get('delimiter') ?? ''),
    IsTruncated: page.next !== undefined,
    Contents: page.objects.map(({ object, sizeBytes, modifiedMs }, i) => ({
      Key: text(object),
      LastModified: shownTime(modifiedMs),
      ETag: facts[i]!.etag,
      Type: /-\d+"$/.test(facts[i]!.etag) ? 'Multipart' : 'Normal',
      Size: sizeBytes,
      StorageClass: 'Standard',
      ...(withOwner && { Owner }),
    })),
    CommonPrefixes: page.prefixes.map((Prefix) => ({ Prefix: text(Prefix) })),
  };
};
