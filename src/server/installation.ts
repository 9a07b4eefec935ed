import type { BlobStore } from '../blobs/blob-store.ts';
import type { Buckets } from '../blobs/buckets.ts';
import type { Staging } from '../blobs/staging.ts';
import { newAccessKeyPair, newAccountId } from '../domain/ids.ts';
import type { Installation } from '../domain/installation.ts';
import type { Random } from '../lib/random.ts';
import { contentPath } from './content-path.ts';
import type { Secrets } from './secrets.ts';

export interface InstallationParts {
  secrets: Secrets;
  random: Random;
  buckets: Buckets;
  blobs: BlobStore;
  staging: Staging;
}

/** What operations may touch outside the store, over the real parts. */
export const makeInstallation = (parts: InstallationParts): Installation => ({
  seal: (secret) => parts.secrets.seal(secret),
  unseal: (sealed) => parts.secrets.unseal(sealed),
  newAccessKeyPair: () => newAccessKeyPair(parts.random),
  newAccountId: () => newAccountId(parts.random),
  bucketExists: (bucket) => parts.buckets.bucketExists(bucket),
  createBucket: (bucket) => parts.buckets.createBucket(bucket),
  statObject: (bucket, object) => parts.buckets.statObject(bucket, object),
  contentPath: (digest, fileName, expiresMs) =>
    contentPath(parts.secrets, digest, fileName, expiresMs),
  listBlobs: () => parts.blobs.list(),
  listStaging: async () => (await parts.staging.list()).map((file) => file.name),
});
