// Pages of keys, in both versions of the listing. One page's work is bounded by its keys and by the names
// of the folders that it goes through, never by what lies below them.
import type { StoredObject } from '../../../../blobs/buckets.ts';
import { OssError } from '../../error.ts';
import type { OssContext } from '../../operation.ts';
import { shown, shownTime } from '../../shown.ts';

export interface Page {
  objects: (StoredObject & { object: string })[];
  prefixes: string[];
  /** The last key or prefix told, when more come. */
  next: string | undefined;
}

/** Of `max-keys`. */
export const LIMITS = { least: 1, most: 1000, usual: 100 };

/** Objects of a page that are looked at at once. */
const STATS_AT_ONCE = 16;

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
  const keys = objects.buckets.keys(request.bucket, { prefix, after, isGrouped: delimiter !== '' });
  const told: string[] = [];
  for await (const key of keys) {
    if (told.length === limit) {
      page.next = told.at(-1);
      break;
    }
    told.push(key);
  }
  page.prefixes.push(...told.filter((key) => key.endsWith('/')));
  const named = told.filter((key) => !key.endsWith('/'));
  for (let at = 0; at < named.length; at += STATS_AT_ONCE) {
    const some = named.slice(at, at + STATS_AT_ONCE);
    const found = await Promise.all(
      some.map(async (object) => ({
        object,
        stored: await objects.buckets.statObject(request.bucket, object),
      })),
    );
    // Undefined: deleted since its name was read.
    for (const { object, stored } of found)
      if (stored !== undefined) page.objects.push({ object, ...stored });
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
