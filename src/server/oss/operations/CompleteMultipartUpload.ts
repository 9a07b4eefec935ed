// Makes an object of the parts that the caller lists, in its order. The parts go only once the object is there:
// whatever stops on the way, the same call can be made again.
import { createHash } from 'node:crypto';
import {
  dropParts,
  joinParts,
  listParts,
  MAX_PARTS,
  type StoredPart,
} from '../../../blobs/bucket-parts.ts';
import { childText, type XmlElement } from '../../../wire/parse-xml.ts';
import { renderXml } from '../../../wire/render-xml.ts';
import { OssError } from '../error.ts';
import { crc64Header, mustBeNew } from '../object-headers.ts';
import { MAX_OBJECT_BYTES } from '../objects.ts';
import type { OssContext, OssOperation } from '../operation.ts';
import { readXml } from '../read-body.ts';
import { shown } from '../shown.ts';
import { etagOf, folderOf, uploadOf, whileOpen } from './shared/multipart.ts';

const MIN_PART_BYTES = 100 * 1024;

export const CompleteMultipartUpload: OssOperation = {
  name: 'CompleteMultipartUpload',
  method: 'POST',
  target: 'object',
  selector: 'uploadId',
  parameters: ['encoding-type'],
  async run(context) {
    const { objects, request, incoming } = context;
    const { bucket, key } = request;
    const { uploadId } = await uploadOf(context);
    const document = await readXml(incoming, 'CompleteMultipartUpload');
    const { etag, crc64 } = await objects.inTurn(uploadId, () =>
      whileOpen(context, () => join(context, document)),
    );
    const { encoding, text } = shown(request);
    const members = { ...encoding, Bucket: bucket, Key: text(key), ETag: etag };
    const body = renderXml('CompleteMultipartUploadResult', members);
    return { status: 200, headers: { etag, ...crc64Header({ crc64 }) }, body };
  },
};

/** Makes the object of the parts, and drops them. */
const join = async (context: OssContext, document: XmlElement) => {
  const { objects, request, caller, requestId } = context;
  const { bucket, key } = request;
  const folder = folderOf(context);
  // Asked again: another request may have completed it before this one's turn.
  const { uploadId, facts: headers } = await uploadOf(context);
  const parts = chooseParts(document, await listParts(folder, uploadId));
  const sums = Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex')));
  const etag = `"${createHash('md5').update(sums).digest('hex').toUpperCase()}-${parts.length}"`;
  const crc64 = await objects.growing(bucket, async (path) => {
    const joined = joinParts(parts);
    // Growth that stops leaves its source where it is, with a file open.
    const grown = await objects.grow(path, joined).finally(() => joined.return(undefined));
    if (grown.sizeBytes !== sizeOf(parts)) throw new OssError('InvalidPart');
    const by = { arn: caller.arn, requestId, mustBeNew: mustBeNew(request) };
    await objects.publish(bucket, key, grown, { etag, crc64: grown.crc64, headers }, by);
    return grown.crc64;
  });
  await dropParts(folder, uploadId);
  return { etag, crc64 };
};

const sizeOf = (parts: readonly StoredPart[]): number =>
  parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** The stored parts that the caller lists, in its order. */
const chooseParts = (document: XmlElement, stored: readonly StoredPart[]): StoredPart[] => {
  const byName = new Map(stored.map((part) => [`${part.partNumber} ${etagOf(part.md5)}`, part]));
  const listed = document.children.filter(({ name }) => name === 'Part');
  if (listed.length === 0 || listed.length > MAX_PARTS) throw new OssError('MalformedXML');
  const chosen: StoredPart[] = [];
  for (const one of listed) {
    const etag = (childText(one, 'ETag') ?? '').trim().replaceAll('"', '').toUpperCase();
    const part = byName.get(`${Number(childText(one, 'PartNumber')?.trim())} "${etag}"`);
    if (part === undefined) throw new OssError('InvalidPart');
    if (part.partNumber <= (chosen.at(-1)?.partNumber ?? 0)) throw new OssError('InvalidPartOrder');
    chosen.push(part);
  }
  if (chosen.slice(0, -1).some(({ sizeBytes }) => sizeBytes < MIN_PART_BYTES))
    throw new OssError('EntityTooSmall');
  if (sizeOf(chosen) > MAX_OBJECT_BYTES) throw new OssError('EntityTooLarge');
  return chosen;
};
