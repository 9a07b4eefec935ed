import { renderXml } from '../../../wire/render-xml.ts';
import { openSource } from '../copy-source.ts';
import { OssError } from '../error.ts';
import { crc64Header, keptHeaders, mustBeNew, requireKey } from '../object-headers.ts';
import {} from '../objects.ts';
import type { OssOperation } from '../operation.ts';
import { shownTime } from '../shown.ts';

export const CopyObject: OssOperation = {
  name: 'CopyObject',
  method: 'PUT',
  target: 'object',
  header: 'x-oss-copy-source',
  parameters: [],
  async run(context) {
    const { objects, request, caller, requestId, house } = context;
    const { bucket, key } = request;
    requireKey(key);
    const directive = (request.headers.get('x-oss-metadata-directive') ?? 'COPY').toUpperCase();
    if (directive !== 'COPY' && directive !== 'REPLACE')
      throw new OssError('InvalidArgument', 'The metadata directive is neither COPY nor REPLACE.');
    const source = await openSource(context);
    try {
      const headers = directive === 'COPY' ? source.facts.headers : keptHeaders(request);
      return await objects.growing(bucket, async (path) => {
        const grown = await objects.grow(path, await source.stream());
        if (grown.sizeBytes !== source.sizeBytes) throw new OssError('InternalError');
        const etag = `"${grown.md5.toString('hex').toUpperCase()}"`;
        const by = { arn: caller.arn, requestId, mustBeNew: mustBeNew(request) };
        await objects.publish(bucket, key, grown, { etag, crc64: grown.crc64, headers }, by);
        const LastModified = shownTime(house.clocks.wallMs());
        const body = renderXml('CopyObjectResult', { ETag: etag, LastModified });
        return { status: 200, headers: { etag, ...crc64Header(grown) }, body };
      });
    } finally {
      await source.close();
    }
  },
};
