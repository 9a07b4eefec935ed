// Objects in parts: begin, one part, copy as a part, list, complete, abort.
import { createHash } from 'node:crypto';
import {
  beginParts,
  dropParts,
  findParts,
  growingPart,
  joinParts,
  keepPart,
  listParts,
  MAX_PARTS,
  type MultipartUpload,
  type StoredPart,
} from '../../../blobs/bucket-parts.ts';
import type { GrownFile } from '../../../blobs/bucket-writes.ts';
import { childText, type XmlElement } from '../../../wire/parse-xml.ts';
import { renderXml } from '../../../wire/render-xml.ts';
import { openSource } from '../copy-source.ts';
import { OssError } from '../error.ts';
import { keptHeaders, mustBeNew, requireKey } from '../object-headers.ts';
import { MAX_OBJECT_BYTES, MAX_PUT_BYTES, withGrowth } from '../objects.ts';
import type { OssContext, OssOperation } from '../operation.ts';
import { readXml } from '../read-body.ts';
import { numberOf, shown, shownTime } from '../shown.ts';

const MIN_PART_BYTES = 100 * 1024;

const etagOf = (md5: string): string => `"${md5.toUpperCase()}"`;

const folderOf = ({ objects, request }: OssContext): string =>
  objects.writes.folder(request.bucket);

/** The upload that the request names, which must be one of its key. */
const uploadOf = async (context: OssContext): Promise<MultipartUpload> => {
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
    const initiatedMs = context.house.clocks.wallMs();
    const facts = keptHeaders(context.request);
    const UploadId = await beginParts(folderOf(context), { object: key, initiatedMs, facts });
    const { encoding, text } = shown(context.request);
    const members = { ...encoding, Bucket: bucket, Key: text(key), UploadId };
    return { status: 200, body: renderXml('InitiateMultipartUploadResult', members) };
  },
};

export const UploadPart: OssOperation = {
  name: 'UploadPart',
  method: 'PUT',
  target: 'object',
  selector: 'partNumber',
  parameters: ['uploadId'],
  async run(context) {
    const md5 = await storePart(context, (path) =>
      context.objects.take(path, context.incoming, MAX_PUT_BYTES),
    );
    return { status: 200, headers: { etag: etagOf(md5) } };
  },
};

export const UploadPartCopy: OssOperation = {
  name: 'UploadPartCopy',
  method: 'PUT',
  target: 'object',
  selector: 'partNumber',
  header: 'x-oss-copy-source',
  parameters: ['uploadId'],
  async run(context) {
    const source = await openSource(context);
    try {
      const md5 = await storePart(context, (path) => context.objects.grow(path, source.stream()));
      const LastModified = shownTime(context.house.clocks.wallMs());
      const body = renderXml('CopyPartResult', { LastModified, ETag: etagOf(md5) });
      return { status: 200, headers: { etag: etagOf(md5) }, body };
    } finally {
      await source.close();
    }
  },
};

const storePart = async (
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
      Part: page.map(({ partNumber, md5, sizeBytes, modifiedMs }) => ({
        PartNumber: partNumber,
        LastModified: shownTime(modifiedMs),
        ETag: etagOf(md5),
        Size: sizeBytes,
      })),
    });
    return { status: 200, body };
  },
};

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

export const AbortMultipartUpload: OssOperation = {
  name: 'AbortMultipartUpload',
  method: 'DELETE',
  target: 'object',
  selector: 'uploadId',
  parameters: [],
  async run(context) {
    const { uploadId } = await uploadOf(context);
    await dropParts(folderOf(context), uploadId);
    return { status: 204 };
  },
};
