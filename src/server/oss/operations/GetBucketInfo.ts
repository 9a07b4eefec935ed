import { renderXml } from '../../../wire/render-xml.ts';
import { OssError } from '../error.ts';
import type { OssOperation } from '../operation.ts';
import { requireOwnBucket } from '../own-bucket.ts';
import { bucketView, ownerOf, shownRegion } from './shared/bucket-view.ts';

export const GetBucketInfo: OssOperation = {
  name: 'GetBucketInfo',
  method: 'GET',
  target: 'bucket',
  selector: 'bucketInfo',
  parameters: [],
  async run(context) {
    const { objects, caller, request } = context;
    const region = shownRegion(context, await requireOwnBucket(context, caller, request.bucket));
    const found = (await objects.buckets.bucketNames()).find(({ name }) => name === request.bucket);
    if (found === undefined) throw new OssError('NoSuchBucket');
    const Bucket = {
      ...bucketView(context, { ...found, region }),
      Owner: ownerOf(context),
      AccessControlList: { Grant: 'private' },
      DataRedundancyType: 'LRS',
    };
    return { status: 200, body: renderXml('BucketInfo', { Bucket }) };
  },
};
