// What operations may touch outside the store, made of the server's parts: bytes, buckets, secrets, backups.
// What few operations ask for is loaded when they do.
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { BlobStores } from '../blobs/blob-stores.ts';
import type { Buckets } from '../blobs/buckets.ts';
import { deniedEnd } from '../blobs/file-error.ts';
import type { Backups } from '../domain/backup.ts';
import { isObjectKey } from '../blobs/object-names.ts';
import {
  newAccessKeyPair,
  newAccountId,
  newRamGroupId,
  newRamId,
  newTemporaryKeyPair,
} from '../domain/ids.ts';
import type { Installation } from '../domain/installation.ts';
import { newReadToken } from '../domain/read-token.ts';
import type { Random } from '../lib/random.ts';
import { sshRsaKey } from '../lib/ssh-key.ts';
import type { SqliteStore } from '../store/sqlite/open.ts';
import { contentPath } from './content-path.ts';
import type { DataDirectory } from './data-directory.ts';
import type { JobRunner } from './job-runner.ts';
import type { VerifyOidcToken } from './oidc/verify.ts';
import type { Secrets } from './secrets.ts';
import type { Uploads } from './uploads/uploads.ts';

export interface InstallationParts {
  secrets: Secrets;
  random: Random;
  buckets: Buckets;
  stores: BlobStores;
  backups: Backups;
  uploads: Uploads;
  /** Made after the house that has the installation. */
  jobs: () => Pick<JobRunner, 'collectGarbage'>;
  verifyOidcToken: VerifyOidcToken;
  store: SqliteStore;
  directory: Pick<DataDirectory, 'isForTests'>;
}

/** What operations may touch outside the store, over the real parts. */
export const makeInstallation = (parts: InstallationParts): Installation => ({
  isForTests: parts.directory.isForTests,
  storeBlankDisk: lazyBlankDisks(parts),
  seal: (secret) => parts.secrets.seal(secret),
  unseal: (sealed) => parts.secrets.unseal(sealed),
  newAccessKeyPair: () => newAccessKeyPair(parts.random),
  newTemporaryKeyPair: () => newTemporaryKeyPair(parts.random),
  sealSession: (session) => parts.secrets.sealToken(JSON.stringify(session)),
  verifyOidcToken: parts.verifyOidcToken,
  newAccountId: () => newAccountId(parts.random),
  newRamId: (entityType) => newRamId(parts.random, entityType),
  newRamGroupId: () => newRamGroupId(parts.random),
  newReadToken: () => newReadToken(parts.random),
  newSshKeyPair,
  bucketExists: (bucket) => parts.buckets.bucketExists(bucket),
  canConvert: async () => (await import('../jobs/box.ts')).canConvert(),
  createBucket: (bucket) => parts.buckets.createBucket(bucket),
  statObject: (bucket, object) =>
    parts.buckets.statObject(bucket, object).catch((error: unknown) => {
      if (deniedEnd(error) === 'source') return 'unreadable';
      throw error;
    }),
  isObjectKey,
  freeBytes: (bucket) => parts.uploads.freeBytes(bucket),
  newUploadSecret: () => parts.uploads.newSecret(),
  arrivedUploadBytes: (accountId, roomBytes) => parts.uploads.arrivedBytes(accountId, roomBytes),
  uploadedBytes: (upload) => parts.uploads.uploadedBytes(upload),
  uploadsDeleted: () => parts.uploads.deleted(),
  contentPath: (digest, fileName, expiresMs) =>
    contentPath(parts.secrets, digest, fileName, expiresMs),
  blobStores: () => parts.stores.all.map(({ blobs }) => blobs.name),
  storeSpace: async () => (await import('../blobs/store-space.ts')).storeSpace(parts.stores),
  listBlobs: (store) => listOf(parts.stores, store),
  listStaging: async () => {
    const folders = await Promise.all(parts.stores.all.map(({ staging }) => staging.list()));
    return folders.flat().map((file) => file.name);
  },
  async *listLeftovers() {
    const { leftoversIn } = await import('../blobs/bucket-leftovers.ts');
    yield* leftoversIn(parts.buckets.growthRoot);
  },
  async collectGarbage(request) {
    const { UnknownWalkPoint } = await import('../blobs/garbage.ts');
    try {
      return await parts.jobs().collectGarbage(request);
    } catch (error) {
      if (error instanceof UnknownWalkPoint) return undefined;
      throw error;
    }
  },
  backups: parts.backups,
});

/** Loaded with the first seed. */
const lazyBlankDisks = (parts: InstallationParts): Installation['storeBlankDisk'] => {
  let made: Promise<Installation['storeBlankDisk']> | undefined;
  return async (...asked) => {
    made ??= import('./blank-disk.ts').then(({ makeBlankDisks }) => makeBlankDisks(parts));
    return (await made)(...asked);
  };
};

const generate = promisify(generateKeyPair);

/** Drawn by the operating system's generator, on a thread of the pool: it takes a tenth of a second. */
const newSshKeyPair: Installation['newSshKeyPair'] = async () => {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return {
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    publicKey: sshRsaKey(Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')),
  };
};

const listOf = (stores: BlobStores, name: string) => {
  const place = stores.named(name);
  if (place === undefined) throw new RangeError(`There is no store of the name ${name}.`);
  return place.blobs.list();
};
