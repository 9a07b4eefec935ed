import { renderXml } from '../../../wire/render-xml.ts';
import type { OssOperation } from '../operation.ts';
import { numberOf } from '../shown.ts';
import { bucketView, ownerOf, shownRegion } from './shared/bucket-view.ts';

export const ListBuckets: OssOperation = {
  name: 'ListBuckets',
  method: 'GET',
  target: 'service',
  parameters: ['prefix', 'marker', 'max-keys'],
  async run(context) {
    const { objects, request, house, caller } = context;
    const prefix = request.query.get('prefix') ?? '';
    const marker = request.query.get('marker') ?? '';
    const most = numberOf(request, 'max-keys', { least: 1, most: 1000, usual: 100 });
    const names = (await objects.buckets.bucketNames()).filter(
      ({ name }) => name.startsWith(prefix) && name > marker,
    );
    const own = await house.store.read(async (tx) => {
      const found: { name: string; creationMs: number; region: string }[] = [];
      for (const one of names) {
        if (found.length > most) break;
        const owner = await tx.bucketOwner(one.name);
        if (owner === undefined ? caller.isOperator : owner.accountId === caller.accountId)
          found.push({ ...one, region: shownRegion(context, owner?.regionId ?? '') });
      }
      return found;
    });
    const page = own.slice(0, most);
    const body = renderXml('ListAllMyBucketsResult', {
      Owner: ownerOf(context),
      Prefix: prefix,
      Marker: marker,
      MaxKeys: most,
      IsTruncated: own.length > most,
      NextMarker: own.length > most ? page.at(-1)!.name : '',
      Buckets: { Bucket: page.map((one) => bucketView(context, one)) },
    });
    return { status: 200, body };
  },
};
