import assert from 'node:assert/strict';
import type { BlobStore } from '../blobs/blob-store.ts';

/** The file of a blob in a store of files; it may not be there. */
export const blobFile = (blobs: BlobStore, digest: Parameters<BlobStore['source']>[0]): string => {
  const source = blobs.source(digest);
  assert.equal(source.kind, 'file');
  return source.path;
};
