// Buckets, whatever keeps their objects: a folder of folders, or S3-compatible storage. An object comes to
// be in two steps: its bytes grow in a file on a local disk, under a name that is no key, and once they are
// all there and synced the file becomes the object. So nobody ever sees half of one, and how far a body
// has come is the length of a file, in every engine and after every crash.
import type { Readable } from 'node:stream';
import type { BucketObject } from '../domain/installation.ts';
import type { ByteRange, UnfinishedPut } from './blob-store.ts';
import type { S3Settings } from './s3/settings.ts';

/** Where an object's bytes are, as plain data that crosses threads. Holds no secret. */
export type ObjectSource =
  | { kind: 'folder'; root: string; bucket: string; object: string }
  | { kind: 's3'; settings: S3Settings; key: string };

export interface StoredObject extends BucketObject {
  modifiedMs: number;
  /**
   * Version of the file that became the object: what was sent with it is kept under this. For an object
   * that came another way a text that no grown file has.
   */
  grownVersion: string;
}

/** An object held open: later changes of its name do not change what is read. */
export interface OpenObject extends StoredObject {
  /** Its bytes, once; destroying the stream closes the object. @throws StoreUnavailable */
  stream(range: ByteRange): Promise<Readable>;
  /** For whoever did not read it to its end. May be called again. */
  close(): Promise<void>;
}

export interface KeyQuery {
  prefix: string;
  /** Keys come after this one; empty: from the first. */
  after: string;
  /** Keys with a further `/` are told as one that ends there. */
  isGrouped: boolean;
}

/**
 * Every method may throw StoreUnavailable where the objects are not on a local disk: then nothing is known,
 * and it may be tried again. Names of buckets and keys are whatever a caller wrote: one that cannot be is
 * missing where something is looked for, and a RangeError where something would be made.
 */
export interface Buckets {
  /** The folder of local folders, one a bucket, in which bodies grow (growth-place.ts). */
  readonly growthRoot: string;
  bucketExists(bucket: string): Promise<boolean>;
  createBucket(bucket: string): Promise<void>;
  deleteBucket(bucket: string): Promise<'deleted' | 'not-empty' | 'missing'>;
  /** In order of name; 0 where nothing tells when one was made. */
  bucketNames(): Promise<{ name: string; creationMs: number }[]>;
  statObject(bucket: string, object: string): Promise<StoredObject | undefined>;
  openObject(bucket: string, object: string): Promise<OpenObject | undefined>;
  /** What a worker thread reads the object from (byte-source.ts); it may not be there. */
  source(bucket: string, object: string): ObjectSource;
  /** In order of their bytes. */
  keys(bucket: string, query: KeyQuery): AsyncGenerator<string>;
  /** Whether there was one. Durable. */
  deleteObject(bucket: string, object: string): Promise<boolean>;
  /** Makes sure that bodies for the bucket can grow in its folder below `growthRoot`. */
  prepareGrowth(bucket: string): Promise<void>;
  /**
   * Makes the grown file of `version` the object, durably, in the place of what has the key; the file is gone
   * then. Idempotent. `missing`: there is no such file; `taken`: no object can have the key beside the others.
   */
  nameObject(
    bucket: string,
    grownPath: string,
    object: string,
    version: string,
  ): Promise<'named' | 'missing' | 'taken'>;
  /** Takes away what grew, and the object if it was made of the file of `version`. Durable. */
  takeAway(
    bucket: string,
    grownPath: string,
    object: string,
    version: string | undefined,
  ): Promise<void>;
  /** What puts that were begun before `beforeMs` have left outside `growthRoot`, behind a position. */
  unfinished(beforeMs: number, after: string): AsyncIterable<UnfinishedPut>;
}
