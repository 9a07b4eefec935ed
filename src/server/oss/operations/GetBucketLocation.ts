import type { OssOperation } from '../operation.ts';
import { requireOwnBucket } from '../own-bucket.ts';
import { shownRegion } from './shared/bucket-view.ts';

export const GetBucketLocation: OssOperation = {
  name: 'GetBucketLocation',
  method: 'GET',
  target: 'bucket',
  selector: 'location',
  parameters: [],
  async run(context) {
    const region = await requireOwnBucket(context, context.caller, context.request.bucket);
    const text = `oss-${shownRegion(context, region)}`;
    const body = `<?xml version="1.0" encoding="UTF-8"?><LocationConstraint>${text}</LocationConstraint>`;
    return { status: 200, body };
  },
};
