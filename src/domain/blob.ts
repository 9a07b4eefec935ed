import type { Digest } from './ids.ts';

/**
 * What bytes are. `publishing`: a job holds a lease and moves the file to its place; `present`:
 * stored, hashed and checked; `deleting`: marked by the sweep, the file may already be gone.
 */
export type BlobState = 'publishing' | 'present' | 'deleting';

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
  /** As of a blob, but for this store alone; `missing`: known to be lost. */
  state: BlobState | 'missing';
}
