// What the operations on objects in parts have in common: the upload that a request names, and one part.
import {
  findParts,
  growingPart,
  keepPart,
  MAX_PARTS,
  type MultipartUpload,
} from '../../../../blobs/bucket-parts.ts';
import type { GrownFile } from '../../../../blobs/bucket-writes.ts';
import { OssError } from '../../error.ts';
import { withGrowth } from '../../objects.ts';
import type { OssContext } from '../../operation.ts';
import { numberOf } from '../../shown.ts';

export const etagOf = (md5: string): string => `"${md5.toUpperCase()}"`;

export const folderOf = ({ objects, request }: OssContext): string =>
  objects.writes.folder(request.bucket);

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

/** Takes one part in; gives its MD5 in hex. */
export const storePart = async (
  context: OssContext,
  fill: (path: string) => Promise<GrownFile>,
): Promise<string> => {
  const { uploadId } = await uploadOf(context);
  const partNumber = partNumberOf(context);
  const folder = folderOf(context);
  return withGrowth(growingPart(folder, uploadId), async (path) => {
    const grown = await fill(path);
    const md5 = grown.md5.toString('hex');
    await keepPart(folder, uploadId, path, { partNumber, md5 });
    return md5;
  });
};
