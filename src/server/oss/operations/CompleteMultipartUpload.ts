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
import { mustBeNew } from '../object-headers.ts';
import { MAX_OBJECT_BYTES, withGrowth } from '../objects.ts';
import type { OssOperation } from '../operation.ts';
import { readXml } from '../read-body.ts';
import { shown } from '../shown.ts';
import { etagOf, folderOf, uploadOf } from './shared/multipart.ts';

const MIN_PART_BYTES = 100 * 1024;

export const CompleteMultipartUpload: OssOperation = {
  name: 'CompleteMultipartUpload',
  method: 'POST',
  target: 'object',
  selector: 'uploadId',
  parameters: ['encoding-type'],
  async run(context) {
    const { objects, request, incoming, caller, requestId } = context;
    const { bucket, key } = request;
    const { uploadId, facts } = await uploadOf(context);
    const document = await readXml(incoming, 'CompleteMultipartUpload');
    const stored = await listParts(folderOf(context), uploadId);
    const parts = chooseParts(document, stored);
    const sums = Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex')));
    const etag = `${etagOf(createHash('md5').update(sums).digest('hex')).slice(0, -1)}-${parts.length}"`;
    await withGrowth(objects.writes.growingPath(bucket), async (path) => {
      const grown = await objects.grow(path, joinParts(parts));
      if (grown.sizeBytes !== sizeOf(parts)) throw new OssError('InvalidPart');
      const by = { arn: caller.arn, requestId, mustBeNew: mustBeNew(request) };
      await objects.publish(bucket, key, grown, { etag, headers: facts }, by);
    });
    await dropParts(folderOf(context), uploadId);
    const { encoding, text } = shown(request);
    const members = { ...encoding, Bucket: bucket, Key: text(key), ETag: etag };
    const body = renderXml('CompleteMultipartUploadResult', members);
    return { status: 200, headers: { etag }, body };
  },
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
