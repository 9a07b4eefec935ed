// What bytes are, where they are, and what reading them again has shown. Words only.
import type { Digest } from './ids.ts';

/**
 * What bytes are. `publishing`: a job holds a lease and moves the file to its place; `present`:
 * stored, hashed and checked; `damaged`: no store has a whole copy any more; `deleting`: marked by the
 * sweep, the file may already be gone.
 */
export type BlobState = 'publishing' | 'present' | 'damaged' | 'deleting';

export interface Blob {
  digest: Digest;
  sizeBytes: number;
  state: BlobState;
  /** Detected by content: `qcow2`, `raw`, `vhd`, `vmdk`. */
  format: string;
  virtualSizeBytes: number;
  /** Reason codes that the inspection reported without refusing, in order. */
  warnings: readonly string[];
  creationMs: number;
}

/** Where bytes are. */
export interface Placement {
  digest: Digest;
  store: string;
  kind: 'whole' | 'chunked';
  /** As of a blob, but for this store alone; `missing`: the bytes are known to be gone. */
  state: BlobState | 'missing';
  /** When the bytes were last hashed, or looked for, wall clock. */
  verifiedMs: number;
}

/** What is wrong with a stored copy. */
export const DAMAGES = [
  /** The bytes have another SHA-256 than the one that they are known by. */
  'DIGEST_MISMATCH',
  'SIZE_MISMATCH',
  'FILE_MISSING',
  /** The storage answers with an error, twice. */
  'UNREADABLE',
] as const;
export type Damage = (typeof DAMAGES)[number];

/** A copy that is known to be damaged or gone. */
export interface LostPlacement {
  digest: Digest;
  store: string;
  damage: Damage;
  damagedMs: number;
  sizeBytes: number;
  /** Whether another store has a whole copy. */
  isServed: boolean;
}

/** A placement that is to be read again, with what the bytes must be. */
export interface DuePlacement {
  digest: Digest;
  store: string;
  state: 'present' | 'damaged' | 'missing';
  verifiedMs: number;
  sizeBytes: number;
}

/** One run over everything that was stored when it began. */
export interface Verification {
  verificationId: string;
  startMs: number;
  /** Null while it goes on. */
  finishMs: number | null;
  totalBlobs: number;
  totalBytes: number;
  checkedBlobs: number;
  checkedBytes: number;
  /** Copies found damaged or gone, and of these the ones made whole again. */
  damagedBlobs: number;
  repairedBlobs: number;
}

/** What a piece of the work adds to it. */
export type VerificationCounts = Pick<
  Verification,
  'checkedBlobs' | 'checkedBytes' | 'damagedBlobs' | 'repairedBlobs'
>;
