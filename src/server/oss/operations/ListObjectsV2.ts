import { renderXml } from '../../../wire/render-xml.ts';
import { OssError } from '../error.ts';
import type { OssOperation } from '../operation.ts';
import { numberOf, shown } from '../shown.ts';
import { commonView, LIMITS, pageOf } from './shared/object-page.ts';

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
      ...(await commonView(context, page, request.query.get('fetch-owner') === 'true')),
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
