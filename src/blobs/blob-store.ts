// Where bytes are kept, cut as low as it can be: put, open, head, delete, list. A blob is named by the
// SHA-256 of its bytes; a store never decides who may read one, and never deletes on its own.
import type { Readable } from 'node:stream';
import type { Digest } from '../domain/ids.ts';
import type { S3Settings } from './s3/settings.ts';

/** Bytes `start` up to, and without, `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Where a blob's bytes are, as plain data that crosses threads. Holds no secret. */
export type BlobSource =
  | { kind: 'file'; path: string }
  | { kind: 's3'; settings: S3Settings; key: string };

export interface OpenBlob {
  /** Size of the whole blob. */
  sizeBytes: number;
  /** The range, or everything. Destroying it closes the file. */
  stream: Readable;
}

export interface StoredBlob {
  digest: Digest;
  sizeBytes: number;
  /** When the bytes came to their place, wall clock of the storage. */
  modifiedMs: number;
}

export interface UnfinishedPut {
  position: string;
  /** Key and id, for people. */
  name: string;
  drop(): Promise<void>;
}

export interface BlobStore {
  /** Names the store in `placement.store`. */
  readonly name: string;
  /**
   * Publishes a staged file under its digest and takes it away from staging. Once this resolves the
   * bytes survive a power cut. Idempotent: when the blob is there already, the staged file goes.
   * `missing`: neither the blob nor a staged file of that size is there.
   * With `replaces` what lies under the digest is known to be damaged: the staged file takes its place,
   * in one step, whatever it is.
   * @throws BlobConflict when other bytes lie under the digest
   */
  put(
    stagedPath: string,
    digest: Digest,
    sizeBytes: number,
    options?: { replaces?: boolean },
  ): Promise<'stored' | 'joined' | 'missing'>;
  /** @throws RangeError when the range does not lie within the blob */
  open(digest: Digest, range?: ByteRange): Promise<OpenBlob | undefined>;
  head(digest: Digest): Promise<{ sizeBytes: number } | undefined>;
  /** What a worker thread reads the blob from (byte-source.ts); it may not be there. */
  source(digest: Digest): BlobSource;
  /** Returns whether it was there. Durable once resolved. Only the sweep calls this. */
  delete(digest: Digest): Promise<boolean>;
  /** What is kept, in order of digest; behind `after` when it is given. */
  list(after?: Digest | ''): AsyncIterable<StoredBlob>;
  /**
   * What puts that were interrupted before `beforeMs` (wall clock of the storage) have left in the
   * store, behind the position `after`. Only the sweep drops them.
   */
  unfinished(beforeMs: number, after: string): AsyncIterable<UnfinishedPut>;
}

/** Bytes of another length lie where a blob should: the stored copy is damaged. */
export class BlobConflict extends Error {
  override readonly name = 'BlobConflict';
  readonly digest: Digest;
  constructor(digest: Digest, storedBytes: number, sizeBytes: number) {
    super(`${digest} is stored with ${storedBytes} bytes and should have ${sizeBytes}.`);
    this.digest = digest;
  }
}

/** The store did not answer, or broke off: nothing is known of the bytes, and later it may be well. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

const DIGEST = /^sha256:([0-9a-f]{64})$/;

export const isDigest = (text: string): text is Digest => DIGEST.test(text);

export const digestOfHex = (hex: string): Digest => {
  const digest = `sha256:${hex}`;
  if (!isDigest(digest)) throw new RangeError('A digest is 64 characters of [0-9a-f].');
  return digest;
};

/** The 64 hexadecimal digits; nothing else ever becomes part of a path. */
export const hexOf = (digest: Digest): string => {
  const hex = DIGEST.exec(digest)?.[1];
  if (hex === undefined) throw new RangeError('A digest is sha256: and 64 characters of [0-9a-f].');
  return hex;
};
