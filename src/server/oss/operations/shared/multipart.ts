// What the operations on objects in parts have in common: the upload that a request names, and one part.
import {
  findParts,
  growingPart,
  keepPart,
  MAX_PARTS,
  type MultipartUpload,
} from '../../../../blobs/bucket-parts.ts';
import type { GrownFile } from '../../../../blobs/grow-object.ts';
import { growthFolder } from '../../../../blobs/growth-place.ts';
import { OssError } from '../../error.ts';
import { crc64Header } from '../../object-headers.ts';
import { withGrowth } from '../../objects.ts';
import type { OssContext } from '../../operation.ts';
import { numberOf } from '../../shown.ts';

/** @param md5 in hexadecimal */
export const etagOf = (md5: string): string => `"${md5.toUpperCase()}"`;

/** What the answer to a part carries. */
export const partHeaders = (grown: GrownFile): Record<string, string> => ({
  etag: etagOf(grown.md5.toString('hex')),
  ...crc64Header(grown),
});

export const folderOf = ({ objects, request }: OssContext): string =>
  growthFolder(objects.buckets, request.bucket);

/** The upload that the request names, which must be one of its key. */
export const uploadOf = async (context: OssContext): Promise<MultipartUpload> => {
  const uploadId = context.request.query.get('uploadId') ?? '';
  const found = await findParts(folderOf(context), uploadId);
  if (found?.object !== context.request.key)
    throw new OssError('NoSuchUpload', undefined, { UploadId: uploadId });
  return found;
};

const partNumberOf = ({ request }: OssContext): number => {
  const number = numberOf(request, 'partNumber', { least: 1, most: MAX_PARTS, usual: 0 });
  if (number === 0) throw new OssError('InvalidArgument', 'partNumber is missing.');
  return number;
};

/** Takes one part in. What changes an upload is done by one request at a time. */
export const storePart = async (
  context: OssContext,
  fill: (path: string) => Promise<GrownFile>,
): Promise<GrownFile> => {
  const { uploadId } = await uploadOf(context);
  const partNumber = partNumberOf(context);
  const folder = folderOf(context);
  return withGrowth(growingPart(folder, uploadId), (path) =>
    whileOpen(context, async () => {
      const grown = await fill(path);
      const md5 = grown.md5.toString('hex');
      await context.objects.inTurn(uploadId, () =>
        keepPart(folder, uploadId, path, { partNumber, md5, crc64: grown.crc64 }),
      );
      return grown;
    }),
  );
};

/** An upload can be completed, aborted or swept while a request works on it: then that is the answer. */
export const whileOpen = async <T>(context: OssContext, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    await uploadOf(context);
    throw error;
  }
};
