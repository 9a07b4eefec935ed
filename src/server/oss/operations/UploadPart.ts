import { MAX_PUT_BYTES } from '../objects.ts';
import type { OssOperation } from '../operation.ts';
import { partHeaders, storePart } from './shared/multipart.ts';

export const UploadPart: OssOperation = {
  name: 'UploadPart',
  method: 'PUT',
  target: 'object',
  selector: 'partNumber',
  parameters: ['uploadId'],
  async run(context) {
    const grown = await storePart(context, (path) =>
      context.objects.take(path, context.incoming, MAX_PUT_BYTES),
    );
    return { status: 200, headers: partHeaders(grown) };
  },
};
