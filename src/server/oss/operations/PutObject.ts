import { crc64Header, keptHeaders, mustBeNew, requireKey } from '../object-headers.ts';
import { MAX_PUT_BYTES } from '../objects.ts';
import type { OssOperation } from '../operation.ts';

export const PutObject: OssOperation = {
  name: 'PutObject',
  method: 'PUT',
  target: 'object',
  parameters: [],
  async run({ objects, request, incoming, caller, requestId }) {
    const { bucket, key } = request;
    requireKey(key);
    const headers = keptHeaders(request);
    return objects.growing(bucket, async (path) => {
      const grown = await objects.take(path, incoming, MAX_PUT_BYTES);
      const etag = `"${grown.md5.toString('hex').toUpperCase()}"`;
      const by = { arn: caller.arn, requestId, mustBeNew: mustBeNew(request) };
      await objects.publish(bucket, key, grown, { etag, crc64: grown.crc64, headers }, by);
      return {
        status: 200,
        headers: { etag, 'content-md5': grown.md5.toString('base64'), ...crc64Header(grown) },
      };
    });
  },
};
