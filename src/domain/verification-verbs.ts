// The verbs of the store for what is read again: placements that are due or lost, and the runs that count
// them. A part of tx.ts.
import type {
  Damage,
  DuePlacement,
  LostPlacement,
  Verification,
  VerificationCounts,
} from './blob.ts';

export interface VerificationReads {
  /** Placements that were last verified before `beforeMs`, oldest first; lost ones among them. */
  duePlacements(beforeMs: number, limit: number): Promise<DuePlacement[]>;
  dueTotals(beforeMs: number): Promise<{ blobs: number; bytes: number }>;
  /** Lost placements, not looked at since `beforeMs`, whose blob is whole in another store. */
  repairablePlacements(beforeMs: number, limit: number): Promise<DuePlacement[]>;
  lostPlacements(page: {
    limit: number;
    offset: number;
  }): Promise<{ total: number; rows: LostPlacement[] }>;
  /** When the placement was verified that waits longest; undefined without any. */
  oldestVerifiedMs(): Promise<number | undefined>;
  /** The newest without an id. */
  verification(verificationId?: string): Promise<Verification | undefined>;
}

export interface VerificationWrites {
  /** Compare-and-set on the state. */
  setVerified(
    placement: Pick<DuePlacement, 'digest' | 'store' | 'state'>,
    verifiedMs: number,
  ): Promise<boolean>;
  /** Compare-and-set on state and time: false when the placement was changed since it was read. */
  losePlacement(placement: DuePlacement, damage: Damage, nowMs: number): Promise<boolean>;
  insertVerification(verification: Verification): Promise<void>;
  /** Adds to the counters. */
  addToVerification(verificationId: string, add: Partial<VerificationCounts>): Promise<void>;
  finishVerification(verificationId: string, finishMs: number): Promise<void>;
  /** Forgets those that ended before the newest `keep`. */
  trimVerifications(keep: number): Promise<void>;
}
