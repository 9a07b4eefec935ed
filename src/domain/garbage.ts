// What takes room and belongs to nobody any more. Words only; what is garbage the rooms decide that keep it.

export const GARBAGE_KINDS = [
  /** A blob that neither a snapshot nor a job names. */
  'UnreferencedBlob',
  /** A copy in a store that no region of the blob needs. */
  'UnneededCopy',
  /** Bytes in a store that no row tells of. */
  'OrphanBlob',
  /** A staged file whose job is over. */
  'StaleStaging',
  /** What an interrupted put has left in a store. */
  'UnfinishedPut',
  /** A body, or an upload in parts, that lies in a bucket and that nobody has gone on with. */
  'BucketLeftover',
  /** An upload on a secret URL that was deleted or has expired. */
  'SpentUpload',
] as const;
export type GarbageKind = (typeof GARBAGE_KINDS)[number];

export interface FoundGarbage {
  kind: GarbageKind;
  /** Digest, file name or id. */
  name: string;
  /** Stores (parted by a space) or the bucket in which it lies. */
  place: string;
  /** As stored; 0 where the storage does not tell. */
  sizeBytes: number;
}

/** Where a walk through everything that is kept has ended, and the next goes on. */
export interface WalkPoint {
  source: string;
  after: string;
}

export interface GarbageRequest {
  /** Only tell what would go. */
  isPlan: boolean;
  /** Without it from the first. */
  from?: WalkPoint;
  /** At most so many finds. */
  maxFound: number;
}

export interface CollectedGarbage {
  /** What was removed, or would be; sizes are the bytes that this frees. */
  garbage: FoundGarbage[];
  /** Undefined when everything was looked at. */
  next: WalkPoint | undefined;
}
