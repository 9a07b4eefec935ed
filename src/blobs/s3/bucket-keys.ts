// The keys of one bucket in order of their bytes, page by page. What is no key of ours does not show.
import type { KeyQuery } from '../buckets.ts';
import { isObjectKey } from '../object-names.ts';
import { unavailable, type S3Access } from './client.ts';

/** After every key that begins with the text before it. */
const LAST = '\u{10ffff}';

/** @param folder of the bucket below the prefix, ends with `/` */
export async function* bucketKeys(
  { client, sdk, settings }: S3Access,
  folder: string,
  { prefix, after, isGrouped }: KeyQuery,
): AsyncGenerator<string> {
  const root = settings.prefix + folder;
  const from = isGrouped && after.endsWith('/') ? after + LAST : after;
  let token: string | undefined;
  do {
    const page = await client
      .send(
        new sdk.ListObjectsV2Command({
          Bucket: settings.bucket,
          Prefix: root + prefix,
          ...(isGrouped && { Delimiter: '/' }),
          ...(after !== '' && { StartAfter: root + from }),
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      )
      .catch((error: unknown) => {
        throw unavailable(settings, error);
      });
    const told = [
      ...(page.Contents ?? []).map(({ Key = '' }) => Key),
      ...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
    ].map((key) => key.slice(root.length));
    yield* inOrder(told.filter((key) => isTold(key, isGrouped) && isAfter(key, after)));
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

const isTold = (key: string, isGrouped: boolean): boolean =>
  isObjectKey(isGrouped && key.endsWith('/') ? key.slice(0, -1) : key);

const isAfter = (key: string, after: string): boolean =>
  Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;

const inOrder = (keys: string[]): string[] =>
  keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
