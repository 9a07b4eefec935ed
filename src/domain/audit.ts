// The audit trail as the store keeps it: records in a chain of hashes (lib/hash-chain.ts), the cuts that
// retention made at its front, the keys that sign its head, and the daily counts of what was read. A part
// of tx.ts. What stands in a record is the server's affair (server/audit).
import type { AccountId } from './ids.ts';

/** A record before it has its place in the chain. */
export interface AuditDraft {
  timeMs: number;
  /** Whose it is: the account of the caller; empty when nobody knows. */
  accountId: string;
  /** ARN, or what stands for one. */
  principal: string;
  eventName: string;
  requestId: string;
  /** Ids and names of what the call was about. */
  resources: readonly string[];
  /** The JSON object that becomes the record. */
  members: string;
}

export interface AuditRecord extends Omit<AuditDraft, 'members'> {
  sequence: number;
  /** The text that was hashed. */
  record: string;
  hash: string;
}

/** The place of a record. */
export type AuditHead = Pick<AuditRecord, 'sequence' | 'hash'>;

/** All combine with AND. */
export interface AuditFilter {
  accountId?: string;
  principal?: string;
  eventName?: string;
  resource?: string;
  requestId?: string;
  fromMs?: number;
  toMs?: number;
}

/**
 * A place in a listing, newest first: records of `timeMs` of which `skip` were seen, and older ones. It
 * tells nothing of how many records there are of others.
 */
export interface AuditPlace {
  timeMs: number;
  skip: number;
}

export interface AuditKey {
  incarnation: number;
  /** Ed25519, SPKI in base64. */
  publicKey: string;
  sealedPrivateKey: string;
  creationMs: number;
}

/** How often a principal resolved and read an image on a day (UTC). */
export interface ImageUse {
  /** `2026-11-24` */
  day: string;
  /** Whose image it is. */
  accountId: string;
  imageId: string;
  principal: string;
  resolutions: number;
  downloads: number;
  bytes: number;
}

export interface ImageUseFilter {
  accountId: AccountId;
  fromDay: string;
  toDay: string;
  imageId?: string;
  principal?: string;
}

export interface AuditReads {
  /** The last record; undefined while there is none. */
  auditHead(): Promise<AuditHead | undefined>;
  /** Where the front was cut last. */
  auditCut(): Promise<(AuditHead & { timeMs: number }) | undefined>;
  auditHashOf(sequence: number): Promise<string | undefined>;
  /** In order, after `afterSequence`. */
  auditRecordsAfter(afterSequence: number, limit: number): Promise<AuditRecord[]>;
  /** The first record of that time or later. */
  auditSequenceAt(timeMs: number): Promise<number | undefined>;
  /** Newest first, from a place on; of one account, or of all. */
  auditRecordsFrom(
    accountId: string | undefined,
    place: AuditPlace,
    limit: number,
  ): Promise<AuditRecord[]>;
  auditKeys(): Promise<AuditKey[]>;
  /** Newest day first. */
  imageUses(
    filter: ImageUseFilter,
    page: { limit: number; offset: number },
  ): Promise<{ total: number; rows: ImageUse[] }>;
}

export interface AuditWrites {
  insertAuditKey(key: AuditKey): Promise<void>;
  /** Removes records up to `sequence`, at most `limit`; returns how many. */
  deleteAuditRecords(sequence: number, limit: number): Promise<number>;
  insertAuditCut(cut: AuditHead & { timeMs: number }): Promise<void>;
  /** Adds to the counts of the day. */
  addImageUse(use: ImageUse): Promise<void>;
  deleteImageUses(beforeDay: string): Promise<number>;
}

/** Records that one listing looks through at most, and at a time. */
const MOST_SCANNED = 5_000;
const SCAN_STEP = 500;

/**
 * Records that fit, newest first, and where to go on: undefined at the end. A page may be short, or
 * empty, and have a next one: it ended when it had looked through as many records as one call may.
 */
export const findAuditRecords = async (
  tx: AuditReads,
  filter: AuditFilter,
  from: AuditPlace | undefined,
  limit: number,
): Promise<{ rows: AuditRecord[]; next: AuditPlace | undefined }> => {
  const rows: AuditRecord[] = [];
  let place = from ?? { timeMs: filter.toMs ?? Number.MAX_SAFE_INTEGER, skip: 0 };
  for (let scanned = 0; scanned < MOST_SCANNED;) {
    const step = await tx.auditRecordsFrom(filter.accountId, place, SCAN_STEP);
    for (const row of step) {
      if (row.timeMs < (filter.fromMs ?? 0)) return { rows, next: undefined };
      if (rows.length === limit) return { rows, next: place };
      place = { timeMs: row.timeMs, skip: row.timeMs === place.timeMs ? place.skip + 1 : 1 };
      if (fits(filter, row)) rows.push(row);
    }
    scanned += step.length;
    if (step.length < SCAN_STEP) return { rows, next: undefined };
  }
  return { rows, next: place };
};

const fits = (filter: AuditFilter, row: AuditRecord): boolean =>
  (filter.principal ?? row.principal) === row.principal &&
  (filter.eventName ?? row.eventName) === row.eventName &&
  (filter.requestId ?? row.requestId) === row.requestId &&
  (filter.resource === undefined || row.resources.includes(filter.resource));
