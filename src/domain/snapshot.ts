import type { AccountId, Digest, RegionId, SnapshotId } from './ids.ts';
import type { DiskType } from './image.ts';
import type { Tag } from './tag.ts';

export type SnapshotStatus = 'progressing' | 'accomplished' | 'failed';

/** A snapshot: what an image disk refers to, and what holds the bytes (by digest). */
export interface SnapshotDraft {
  snapshotId: SnapshotId;
  accountId: AccountId;
  regionId: RegionId;
  snapshotName: string;
  description: string;
  sourceDiskType: DiskType;
  /** 0 until the header of the disk has been read. */
  sizeGib: number;
  /** The disk that it was taken of; absent for an import. */
  sourceDiskId?: string;
  /** 0: kept until deleted. */
  retentionDays?: number;
  category?: string;
  resourceGroupId?: string;
  /** Of a copy: where its bytes came from. */
  sourceRegionId?: string;
  sourceSnapshotId?: string;
}

export interface Snapshot extends Required<SnapshotDraft> {
  seq: number;
  creationMs: number;
  lastModifiedMs: number;
  status: SnapshotStatus;
  /** Whole percent. */
  progress: number;
  /** Null until the bytes are stored, hashed and checked. */
  digest: Digest | null;
  /** Number of image disks that refer to this snapshot. */
  imageCount: number;
  /** Bytes stored for this snapshot (the file as imported); 0 until stored. */
  sizeBytes: number;
  tags: readonly Tag[];
}

export type SnapshotUpdate = Partial<
  Pick<
    Snapshot,
    | 'status'
    | 'progress'
    | 'digest'
    | 'sizeGib'
    | 'sizeBytes'
    | 'lastModifiedMs'
    | 'snapshotName'
    | 'description'
    | 'retentionDays'
    | 'category'
    | 'resourceGroupId'
  >
>;
