// `curl -T FILE URL`: the whole object in one request, or with Content-Range the rest of it from where
// it stopped. Without a range it begins anew, whatever has come before.
import type { IncomingMessage } from 'node:http';
import type { Upload } from '../../domain/upload.ts';
import { UploadRefused } from './answers.ts';
import type { Uploads } from './uploads.ts';

/** @returns the upload as it is afterwards @throws UploadRefused, UploadLocked, GrowthStopped */
export const putUpload = async (
  uploads: Uploads,
  known: Upload,
  request: IncomingMessage,
): Promise<Upload> => {
  await uploads.locks.acquire(known.uploadId, () => request.destroy());
  try {
    const upload = (await uploads.settle(known.uploadId)) ?? known;
    const offset = await placeOf(uploads, upload, request);
    const length = await uploads.receive(upload, offset, request);
    if (length === upload.sizeBytes) return (await uploads.settle(upload.uploadId)) ?? upload;
    throw new UploadRefused({
      status: 400,
      message: `${length} of ${upload.sizeBytes} bytes are there; go on with Content-Range (curl -C ${length} -T FILE).`,
    });
  } finally {
    uploads.locks.release(known.uploadId);
  }
};

/** Where the bytes of the request belong. */
const placeOf = async (
  uploads: Uploads,
  upload: Upload,
  { headers }: IncomingMessage,
): Promise<number> => {
  if (upload.status !== 'Uploading')
    throw new UploadRefused({
      status: upload.status === 'Finished' ? 409 : 410,
      message: upload.message || `The upload is ${upload.status} and takes no more bytes.`,
    });
  const range = rangeOf(headers['content-range'], upload);
  const end = range === undefined ? upload.sizeBytes : range.last + 1;
  const offset = range?.first ?? 0;
  const length = headers['content-length'];
  if (length !== undefined && Number(length) !== end - offset)
    throw new UploadRefused({
      status: 400,
      message: `The upload was made for ${upload.sizeBytes} bytes; ${length} bytes from ${offset} on do not end it there.`,
    });
  const present = await uploads.uploadedBytes(upload);
  if (offset > present)
    throw new UploadRefused({
      status: 409,
      message: `${present} bytes are there; the next must begin at ${present}.`,
    });
  return offset;
};

/** `bytes FIRST-LAST/TOTAL`, to the end: the middle of an object is nothing that one request can end. */
const rangeOf = (
  header: string | undefined,
  { sizeBytes }: Upload,
): { first: number; last: number } | undefined => {
  if (header === undefined) return undefined;
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(header);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  const total = match?.[3] === '*' ? sizeBytes : Number(match?.[3]);
  if (match === null || first > last || last >= sizeBytes || total !== sizeBytes)
    throw new UploadRefused({
      status: 416,
      message: `Content-Range must be bytes FIRST-LAST/${sizeBytes}.`,
    });
  return { first, last };
};
