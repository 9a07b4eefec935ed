// Walks through what lies below a prefix, page by page.
import type { UnfinishedPut } from '../blob-store.ts';
import { unavailable, type S3Access } from './client.ts';

export interface ListedObject {
  /** Without the store's prefix. */
  key: string;
  sizeBytes: number;
  modifiedMs: number;
}

/** In order of their keys, behind `afterKey`. */
export async function* listObjects(
  { client, sdk, settings }: S3Access,
  folder: string,
  afterKey?: string,
): AsyncGenerator<ListedObject> {
  const { bucket: Bucket, prefix } = settings;
  let after = afterKey === undefined ? undefined : prefix + afterKey;
  for (;;) {
    const page = await client
      .send(
        new sdk.ListObjectsV2Command({
          Bucket,
          Prefix: prefix + folder,
          ...(after !== undefined && { StartAfter: after }),
        }),
      )
      .catch((error: unknown) => {
        throw unavailable(settings, error);
      });
    for (const { Key = '', Size = 0, LastModified } of page.Contents ?? [])
      yield {
        key: Key.slice(prefix.length),
        sizeBytes: Size,
        modifiedMs: LastModified?.getTime() ?? 0,
      };
    const last = page.Contents?.at(-1)?.Key;
    if (page.IsTruncated !== true || last === undefined) return;
    after = last;
  }
}

/** Multipart uploads that were begun before `beforeMs` and never completed, behind a position. */
export async function* unfinishedUploads(
  { client, sdk, settings }: S3Access,
  folder: string,
  { beforeMs, after }: { beforeMs: number; after: string },
): AsyncGenerator<UnfinishedPut> {
  const { bucket: Bucket, prefix } = settings;
  const [afterKey = ''] = after.split(' ');
  // By key alone: a marker that names a dropped upload is refused. Others of that key wait for the next walk.
  let KeyMarker = after === '' ? undefined : prefix + afterKey;
  const send = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw unavailable(settings, error);
    }
  };
  for (;;) {
    const input = { Bucket, Prefix: prefix + folder, KeyMarker };
    const page = await send(() => client.send(new sdk.ListMultipartUploadsCommand(input)));
    for (const { Key = '', UploadId, Initiated } of page.Uploads ?? []) {
      if ((Initiated?.getTime() ?? Infinity) > beforeMs) continue;
      const name = `${Key.slice(prefix.length)} ${UploadId}`;
      const drop = async (): Promise<void> => {
        const upload = { Bucket, Key, UploadId };
        await send(() => client.send(new sdk.AbortMultipartUploadCommand(upload)));
      };
      yield { position: name, name, drop };
    }
    if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return;
    KeyMarker = page.NextKeyMarker;
  }
}
