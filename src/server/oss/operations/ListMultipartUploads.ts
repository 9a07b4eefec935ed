import { listUploads } from '../../../blobs/bucket-parts.ts';
import { growthFolder } from '../../../blobs/growth-place.ts';
import { renderXml } from '../../../wire/render-xml.ts';
import { OssError } from '../error.ts';
import type { OssOperation } from '../operation.ts';
import { numberOf, shown, shownTime } from '../shown.ts';

export const ListMultipartUploads: OssOperation = {
  name: 'ListMultipartUploads',
  method: 'GET',
  target: 'bucket',
  selector: 'uploads',
  parameters: ['prefix', 'key-marker', 'upload-id-marker', 'max-uploads', 'delimiter'].concat([
    'encoding-type',
    'max-parts',
  ]),
  withoutEffect:
    '`max-parts` is not read: the list holds no parts (ossutil sends it all the same).',
  async run({ objects, request }) {
    const of = (name: string): string => request.query.get(name) ?? '';
    if (of('delimiter') !== '')
      throw new OssError('NotImplemented', 'Uploads are not grouped by a delimiter.');
    const [prefix, keyMarker, idMarker] = [of('prefix'), of('key-marker'), of('upload-id-marker')];
    const most = numberOf(request, 'max-uploads', { least: 1, most: 1000, usual: 1000 });
    const all = await listUploads(growthFolder(objects.buckets, request.bucket));
    const after = all.filter(
      ({ object, uploadId }) =>
        object.startsWith(prefix) &&
        (object > keyMarker || (object === keyMarker && idMarker !== '' && uploadId > idMarker)),
    );
    const page = after.slice(0, most);
    const { encoding, text } = shown(request);
    const body = renderXml('ListMultipartUploadsResult', {
      ...encoding,
      Bucket: request.bucket,
      Prefix: text(prefix),
      Delimiter: '',
      KeyMarker: text(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: text(page.at(-1)?.object ?? ''),
      NextUploadIdMarker: page.at(-1)?.uploadId ?? '',
      MaxUploads: most,
      IsTruncated: after.length > page.length,
      Upload: page.map(({ object, uploadId, initiatedMs }) => ({
        Key: text(object),
        UploadId: uploadId,
        StorageClass: 'Standard',
        Initiated: shownTime(initiatedMs),
      })),
    });
    return { status: 200, body };
  },
};
