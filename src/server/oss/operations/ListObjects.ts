import { renderXml } from '../../../wire/render-xml.ts';
import type { OssOperation } from '../operation.ts';
import { numberOf, shown } from '../shown.ts';
import { commonView, LIMITS, pageOf } from './shared/object-page.ts';

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
      ...(await commonView(context, page)),
      ...encoding,
      Marker: text(marker),
      MaxKeys: maxKeys,
      ...(page.next !== undefined && { NextMarker: text(page.next) }),
    });
    return { status: 200, body };
  },
};
