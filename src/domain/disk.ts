// The disk as a record. What it holds is told by a digest: the bytes of the snapshot that it was made
// from, by reference, since no machine ever writes to it. The disk keeps them from the sweep by a lease
// under its own id, as a job does. Nothing here writes.
import type { Digest } from './ids.ts';
import type { DiskType } from './image.ts';
import type { SourceTraits } from './instance.ts';
import type { Resource } from './resource.ts';

export const DISK_STATUSES = [
  'In_use',
  'Available',
  'Attaching',
  'Detaching',
  'Creating',
  'ReIniting',
] as const;
export type DiskStatus = (typeof DISK_STATUSES)[number];

export const DISK_CATEGORIES = [
  'cloud',
  'cloud_efficiency',
  'cloud_ssd',
  'cloud_essd',
  'cloud_auto',
  'cloud_essd_entry',
] as const;
export type DiskCategory = (typeof DISK_CATEGORIES)[number];

export const DEFAULT_CATEGORY: DiskCategory = 'cloud_efficiency';
export const PERFORMANCE_LEVELS = ['PL0', 'PL1', 'PL2', 'PL3'] as const;

/** A system disk and sixteen data disks on one instance. */
export const MAX_DATA_DISKS = 16;
export const MAX_DISK_GIB = 65_536;

/** A disk's own part of its record. */
export interface DiskDetail {
  description: string;
  diskType: DiskType;
  category: string;
  /** Of `cloud_essd` only, else empty. */
  performanceLevel: string;
  sizeGib: number;
  zoneId: string;
  /** Empty while it is attached to nothing. */
  device: string;
  deleteWithInstance: boolean;
  deleteAutoSnapshot: boolean;
  /** What it was made from; empty for neither. */
  sourceSnapshotId: string;
  sourceImageId: string;
  /** Null: no bytes. A blank data disk, or a system disk whose image has none. */
  digest: Digest | null;
  /** Bytes stored under the digest. */
  sizeBytes: number;
  /** Wall clock; 0: never. */
  attachedMs: number;
  detachedMs: number;
  /** Of a system disk: what an image made from it is to be. */
  traits: SourceTraits | null;
}

export type Disk = Resource<DiskDetail>;

/** A blank data disk, attached to nothing. */
export const PLAIN_DISK: DiskDetail = {
  description: '',
  diskType: 'data',
  category: DEFAULT_CATEGORY,
  performanceLevel: '',
  sizeGib: 0,
  zoneId: '',
  device: '',
  deleteWithInstance: true,
  deleteAutoSnapshot: true,
  sourceSnapshotId: '',
  sourceImageId: '',
  digest: null,
  sizeBytes: 0,
  attachedMs: 0,
  detachedMs: 0,
  traits: null,
};

/** The record as a disk; a row of an older server may lack members. */
export const toDisk = (resource: Resource): Disk => ({
  ...resource,
  detail: { ...PLAIN_DISK, ...resource.detail },
});

/** The performance level that a disk of this category has. */
export const levelOf = (category: string, wanted: string | undefined): string =>
  category === 'cloud_essd' ? (wanted ?? 'PL1') : '';
