// What operations may touch outside the rows, as they see it: buckets, bytes, uploads, backups, secrets. Shapes
// alone; src/server/installation.ts makes it of the real parts.
import type { Backups } from './backup.ts';
import type { CollectedGarbage, GarbageRequest } from './garbage.ts';
import type { AccountId, Digest, RegionId } from './ids.ts';
import type { StoredDisk } from './stored-disk.ts';
import type { Upload } from './upload.ts';
import type { OidcVerdict } from './oidc.ts';
import type { Session } from './session.ts';
import type { NewReadToken } from './read-token.ts';

/** An object in a bucket, as far as an import must know it before it starts. */
export interface BucketObject {
  sizeBytes: number;
  /** Changes whenever the content may have changed (inode, size and mtime of a file). */
  version: string;
}

/** What lies in a bucket and is no object yet, or any more. */
export interface BucketLeftover {
  bucket: string;
  /** Of its file or folder. */
  name: string;
  /** The key of an upload in parts; empty where it is not known. */
  object: string;
  /** Of an upload in parts, else empty. */
  uploadId: string;
  sizeBytes: number;
  /** When it was written last. */
  modifiedMs: number;
}

/** What operations may touch outside the store. Given to them through `ctx`; faked nowhere. */
export interface Installation {
  /** Sealing of secrets at rest. */
  seal(secret: string): string;
  unseal(sealed: string): string;
  newAccessKeyPair(): { accessKeyId: string; accessKeySecret: string };
  newTemporaryKeyPair(): { accessKeyId: string; accessKeySecret: string };
  /** The token of a session, which only this installation can read. */
  sealSession(session: Session): string;
  /** Whether an issuer that the operator lists vouches for somebody by this token. */
  verifyOidcToken(issuerName: string, token: string, nowMs: number): Promise<OidcVerdict>;
  newAccountId(): AccountId;
  /** UserId or RoleId. */
  newRamId(entityType: 'user' | 'role'): string;
  newRamGroupId(): string;
  newReadToken(): NewReadToken;
  /** A new RSA key of 2048 bits: the private half in PEM, the public half as a line for SSH. */
  newSshKeyPair(): Promise<{ privateKey: string; publicKey: string }>;
  /** Whether the bucket's folder is there. */
  bucketExists(bucket: string): Promise<boolean>;
  /** Whether disks can be made into another format here. */
  canConvert(): Promise<boolean>;
  /** Makes the bucket's folder. */
  createBucket(bucket: string): Promise<void>;
  /** `unreadable`: it may be there, and this server has no right to read it. */
  statObject(bucket: string, object: string): Promise<BucketObject | 'unreadable' | undefined>;
  /** Whether the text can name an object in a bucket. */
  isObjectKey(object: string): boolean;
  /** How much room is left where the bucket lies, in bytes. */
  freeBytes(bucket: string): Promise<number>;
  /** What opens an upload, and the hash that is kept of it. */
  newUploadSecret(): { secret: string; secretHash: string };
  /** How many bytes of the account's open uploads are there. */
  arrivedUploadBytes(accountId: AccountId, roomBytes: number): Promise<number>;
  /** How many bytes of the upload are there. */
  uploadedBytes(upload: Upload): Promise<number>;
  /** There are uploads whose files are to go: told after the commit, or found by the sweep. */
  uploadsDeleted(): void;
  /** A path with a secret, on which the bytes of a disk can be read until `expiresMs`. */
  contentPath(digest: Digest, fileName: string, expiresMs: number): string;
  /** Whether the data directory was made for tests: what would harm a registry is open there alone. */
  readonly isForTests: boolean;
  /** Makes a small real disk that is blank, `sizeGib` large, and puts its bytes where the region's are. */
  storeBlankDisk(regionId: RegionId, sizeGib: number): Promise<StoredDisk>;
  /** Names of the stores that keep bytes. */
  blobStores(): string[];
  /** How full the file system of each store is, in bytes. */
  storeSpace(): Promise<{ store: string; freeBytes: number; totalBytes: number }[]>;
  /** Digests and sizes that a store holds, in order of digest, for fsck. */
  listBlobs(store: string): AsyncIterable<{ digest: Digest; sizeBytes: number }>;
  /** Names of files in staging that no job owns are orphans. */
  listStaging(): Promise<string[]>;
  /** Bodies on their way into buckets, and uploads in parts, in no order. */
  listLeftovers(): AsyncIterable<BucketLeftover>;
  /**
   * Removes what the sweep would remove, or only tells of it; one bounded piece at a time. Undefined when
   * no piece has ended at `from`.
   */
  collectGarbage(request: GarbageRequest): Promise<CollectedGarbage | undefined>;
  readonly backups: Backups;
}
