import { dropParts } from '../../../blobs/bucket-parts.ts';
import type { OssOperation } from '../operation.ts';
import { folderOf, uploadOf } from './shared/multipart.ts';

export const AbortMultipartUpload: OssOperation = {
  name: 'AbortMultipartUpload',
  method: 'DELETE',
  target: 'object',
  selector: 'uploadId',
  parameters: [],
  async run(context) {
    const { uploadId } = await uploadOf(context);
    await context.objects.inTurn(uploadId, () => dropParts(folderOf(context), uploadId));
    return { status: 204 };
  },
};
