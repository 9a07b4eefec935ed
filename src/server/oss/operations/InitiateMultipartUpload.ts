import { beginParts, MAX_UPLOADS, TooManyUploads } from '../../../blobs/bucket-parts.ts';
import { renderXml } from '../../../wire/render-xml.ts';
import { OssError } from '../error.ts';
import { keptHeaders, requireKey } from '../object-headers.ts';
import type { OssOperation } from '../operation.ts';
import { shown } from '../shown.ts';
import { folderOf } from './shared/multipart.ts';

export const InitiateMultipartUpload: OssOperation = {
  name: 'InitiateMultipartUpload',
  method: 'POST',
  target: 'object',
  selector: 'uploads',
  // A restart finds parts by their number, in any order.
  parameters: ['encoding-type', 'sequential'],
  async run(context) {
    const { bucket, key } = context.request;
    requireKey(key);
    await context.objects.buckets.prepareGrowth(bucket);
    const initiatedMs = context.house.clocks.wallMs();
    const facts = keptHeaders(context.request);
    const UploadId = await begin(folderOf(context), { object: key, initiatedMs, facts });
    const { encoding, text } = shown(context.request);
    const members = { ...encoding, Bucket: bucket, Key: text(key), UploadId };
    return { status: 200, body: renderXml('InitiateMultipartUploadResult', members) };
  },
};

const begin: typeof beginParts = async (folder, upload) => {
  try {
    return await beginParts(folder, upload);
  } catch (error) {
    if (!(error instanceof TooManyUploads)) throw error;
    const limit = `The bucket has ${MAX_UPLOADS} unfinished uploads: complete or abort some.`;
    throw new OssError('InvalidArgument', limit);
  }
};
