import { renderXml } from '../../../wire/render-xml.ts';
import { openSource } from '../copy-source.ts';
import type { OssOperation } from '../operation.ts';
import { shownTime } from '../shown.ts';
import { partHeaders, storePart } from './shared/multipart.ts';

export const UploadPartCopy: OssOperation = {
  name: 'UploadPartCopy',
  method: 'PUT',
  target: 'object',
  selector: 'partNumber',
  header: 'x-oss-copy-source',
  parameters: ['uploadId'],
  async run(context) {
    const source = await openSource(context);
    try {
      const grown = await storePart(context, async (path) =>
        context.objects.grow(path, await source.stream()),
      );
      const headers = partHeaders(grown);
      const LastModified = shownTime(context.house.clocks.wallMs());
      const body = renderXml('CopyPartResult', { LastModified, ETag: headers.etag });
      return { status: 200, headers, body };
    } finally {
      await source.close();
    }
  },
};
