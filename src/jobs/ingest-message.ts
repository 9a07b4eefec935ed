// What the pool and its workers say to each other. Plain data only: it crosses threads.
import type { BlobSource } from '../blobs/blob-store.ts';
import type { ObjectSource } from '../blobs/buckets.ts';
import type { StageFailure } from '../blobs/stage-failure.ts';
import type { Digest } from '../domain/ids.ts';
import type { DiskFormat, Verdict } from '../disk/inspect.ts';
import type { FaultPlan } from '../lib/fault.ts';

/** An object in a bucket. */
export interface BucketSource {
  object: ObjectSource;
  /** As it was when the import was accepted. */
  sourceVersion: string;
}

/** A blob: it never changes, and the caller knows the digest that must come out. */
export interface StoredSource {
  blob: BlobSource;
}

export type IngestRequest = (BucketSource | StoredSource) & {
  stagedPath: string;
  declaredFormat: DiskFormat | undefined;
  /** Bytes that must stay free on the staging file system. */
  floorBytes: number;
};

/** The bytes go into a gzipped tar archive, as its one file. */
export interface PackRequest extends StoredSource {
  /** The archive. */
  stagedPath: string;
  /** The file's name in it. */
  name: string;
  modifiedMs: number;
  floorBytes: number;
}

export type IngestFailure = StageFailure | 'SOURCE_MISSING';

export type IngestOutcome =
  | {
      outcome: 'ingested';
      digest: Digest;
      sizeBytes: number;
      resumedBytes: number;
      verdict: Verdict;
    }
  | NotIngested;

type NotIngested =
  | { outcome: 'cancelled' }
  | { outcome: 'failed'; reason: IngestFailure; message: string };

/** Digest and size are those of the bytes that went in. */
export type PackOutcome = { outcome: 'packed'; digest: Digest; sizeBytes: number } | NotIngested;

/** The store that has the source did not answer: another attempt makes sense. */
export interface SourceUnavailable {
  outcome: 'unavailable';
  message: string;
}

/** Pool to worker. `cancel` is one shared Int32: not 0 means stop. */
export interface IngestOrder {
  request: IngestRequest | PackRequest;
  cancel: SharedArrayBuffer;
}

/** Worker to pool: progress, then exactly one of the other two. */
export type IngestReport =
  | { type: 'progress'; stagedBytes: number }
  | { type: 'outcome'; outcome: IngestOutcome | PackOutcome | SourceUnavailable }
  | { type: 'error'; message: string };

export interface IngestWorkerData {
  faultPlan: FaultPlan | undefined;
}
