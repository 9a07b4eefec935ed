import { listParts, MAX_PARTS } from '../../../blobs/bucket-parts.ts';
import { renderXml } from '../../../wire/render-xml.ts';
import type { OssOperation } from '../operation.ts';
import { numberOf, shown, shownTime } from '../shown.ts';
import { etagOf, folderOf, uploadOf } from './shared/multipart.ts';

export const ListParts: OssOperation = {
  name: 'ListParts',
  method: 'GET',
  target: 'object',
  selector: 'uploadId',
  parameters: ['max-parts', 'part-number-marker', 'encoding-type'],
  async run(context) {
    const { request } = context;
    const { uploadId } = await uploadOf(context);
    const most = numberOf(request, 'max-parts', { least: 1, most: 1000, usual: 1000 });
    const marker = numberOf(request, 'part-number-marker', { least: 0, most: MAX_PARTS, usual: 0 });
    const all = await listParts(folderOf(context), uploadId);
    const after = all.filter(({ partNumber }) => partNumber > marker);
    const page = after.slice(0, most);
    const { encoding, text } = shown(request);
    const body = renderXml('ListPartsResult', {
      ...encoding,
      Bucket: request.bucket,
      Key: text(request.key),
      UploadId: uploadId,
      StorageClass: 'Standard',
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.partNumber ?? marker,
      MaxParts: most,
      IsTruncated: after.length > page.length,
      Part: page.map(({ partNumber, md5, crc64, sizeBytes, modifiedMs }) => ({
        PartNumber: partNumber,
        LastModified: shownTime(modifiedMs),
        ETag: etagOf(md5),
        // Clients that go on with an upload reckon the sum of the whole with it.
        ...(crc64 !== undefined && { HashCrc64ecma: crc64 }),
        Size: sizeBytes,
      })),
    });
    return { status: 200, body };
  },
};
