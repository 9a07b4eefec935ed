// Pages of keys, in both versions of the listing. One page's work is bounded by its keys and by the names
// of the folders that it goes through, never by what lies below them.
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OssError } from '../../error.ts';
import type { OssContext } from '../../operation.ts';
import { shown, shownTime } from '../../shown.ts';

export interface Page {
  objects: { object: string; version: string; sizeBytes: number; modifiedMs: number }[];
  prefixes: string[];
  /** The last key or prefix told, when more come. */
  next: string | undefined;
}

/** Of `max-keys`. */
export const LIMITS = { least: 1, most: 1000, usual: 100 };

export const pageOf = async (
  { objects, request }: OssContext,
  after: string,
  limit: number,
): Promise<Page> => {
  const delimiter = request.query.get('delimiter') ?? '';
  if (delimiter !== '' && delimiter !== '/')
    throw new OssError('NotImplemented', 'The only delimiter is `/`.');
  const page: Page = { objects: [], prefixes: [], next: undefined };
  const prefix = request.query.get('prefix') ?? '';
  const keys = objects.writes.keys(request.bucket, { prefix, after, isGrouped: delimiter !== '' });
  const folder = objects.writes.folder(request.bucket);
  let last = '';
  for await (const key of keys) {
    if (page.objects.length + page.prefixes.length === limit) {
      page.next = last;
      break;
    }
    if (key.endsWith('/')) page.prefixes.push(key);
    else {
      const [found, file] = await Promise.all([
        objects.buckets.statObject(request.bucket, key),
        stat(join(folder, key)).catch((): Stats | undefined => undefined),
      ]);
      // Deleted while the folder was read.
      if (found === undefined || file === undefined) continue;
      page.objects.push({ object: key, ...found, modifiedMs: file.mtimeMs });
    }
    last = key;
  }
  return page;
};

export const commonView = async (
  { objects, request, caller }: OssContext,
  page: Page,
  withOwner = !request.query.has('list-type'),
) => {
  const { text } = shown(request);
  const facts = await objects.factsOf(request.bucket, page.objects);
  const Owner = { ID: caller.accountId, DisplayName: caller.accountId };
  return {
    Name: request.bucket,
    Prefix: text(request.query.get('prefix') ?? ''),
    Delimiter: text(request.query.get('delimiter') ?? ''),
    IsTruncated: page.next !== undefined,
    Contents: page.objects.map(({ object, sizeBytes, modifiedMs }, i) => ({
      Key: text(object),
      LastModified: shownTime(modifiedMs),
      ETag: facts[i]!.etag,
      Type: /-\d+"$/.test(facts[i]!.etag) ? 'Multipart' : 'Normal',
      Size: sizeBytes,
      StorageClass: 'Standard',
      ...(withOwner && { Owner }),
    })),
    CommonPrefixes: page.prefixes.map((Prefix) => ({ Prefix: text(Prefix) })),
  };
};
