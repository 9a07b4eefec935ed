// Walks through what lies below a prefix, page by page.
import { unavailable, type S3Access } from './client.ts';

export interface ListedObject {
  /** Without the store's prefix. */
  key: string;
  sizeBytes: number;
  modifiedMs: number;
}

/** In order of their keys. */
export async function* listObjects(
  { client, sdk, settings }: S3Access,
  folder: string,
): AsyncGenerator<ListedObject> {
  const { bucket: Bucket, prefix } = settings;
  let after: string | undefined;
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

/** Ends multipart uploads that were begun before `beforeMs` and never completed. */
export const dropUploads = async (
  { client, sdk, settings }: S3Access,
  folder: string,
  beforeMs: number,
): Promise<number> => {
  const { bucket: Bucket, prefix } = settings;
  let dropped = 0;
  let KeyMarker: string | undefined;
  let UploadIdMarker: string | undefined;
  try {
    for (;;) {
      const page = await client.send(
        new sdk.ListMultipartUploadsCommand({
          Bucket,
          Prefix: prefix + folder,
          KeyMarker,
          UploadIdMarker,
        }),
      );
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if ((Initiated?.getTime() ?? Infinity) > beforeMs) continue;
        await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
        dropped += 1;
      }
      if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return dropped;
      KeyMarker = page.NextKeyMarker;
      UploadIdMarker = page.NextUploadIdMarker;
    }
  } catch (error) {
    throw unavailable(settings, error);
  }
};
