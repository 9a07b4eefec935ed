// The store's verbs. One verb is one statement and has no rules; a rule of two verbs is a function of
// the domain with `tx` first. Everything is async, so that both engines can stand behind it. A write
// function awaits nothing but verbs, and may run more than once.
import type { ObjectFacts } from './object-facts.ts';
import type { AddressReads, AddressWrites } from './address-tx.ts';
import type { AccountReads, AccountWrites } from './account-tx.ts';
import type { AuditDraft, AuditReads, AuditWrites } from './audit.ts';
import type { Blob, BlobState, Placement } from './blob.ts';
import type { Change } from './change.ts';
import type { Family } from './family.ts';
import type { AccountId, Digest, ImageId, RegionId, SnapshotId, TaskId } from './ids.ts';
import type { ImageShare } from './image-sharing.ts';
import type { AcceptedImage, Image, ImageDisk, ImageFailure, ImageStatus } from './image.ts';
import type { JobReads, JobWrites } from './job-tx.ts';
import type { RamReads, RamWrites } from './ram-tx.ts';
import type {
  Resource,
  ResourceDraft,
  ResourceFilter,
  ResourceType,
  ResourceUpdate,
} from './resource.ts';
import type { Snapshot, SnapshotDraft, SnapshotStatus, SnapshotUpdate } from './snapshot.ts';
import type { Tag, TagBinding, TaggedType } from './tag.ts';
import type { Task, TaskAction, TaskStatus } from './task.ts';
import type { VerificationReads, VerificationWrites } from './verification-verbs.ts';
import type { UploadReads, UploadWrites } from './upload-tx.ts';
import type { UsageReads } from './usage-tx.ts';

/** Account and region: the scope of nearly every row. */
export interface Scope {
  accountId: AccountId;
  regionId: RegionId;
}

/** Who makes a change; written into the journal with it. */
export interface Actor {
  principal: string;
  requestId: string;
  /** Wall clock of the request or job step, milliseconds. */
  nowMs: number;
}

/** Filters of DescribeImages that the store understands; all combine with AND. */
export interface ImageFilter {
  statuses?: readonly ImageStatus[];
  imageIds?: readonly string[];
  /** Exact, or with `*` as wildcard when `imageNamePattern` is given instead. */
  imageName?: string;
  /** A name with `*` for any run of characters, matched linearly. */
  imageNamePattern?: string;
  imageFamily?: string;
  snapshotId?: string;
  osType?: string;
  architecture?: string;
  isSupportCloudinit?: boolean;
  isPublic?: boolean;
  /** Whether an instance of the one who looks was made from it. */
  isInUse?: boolean;
  resourceGroupId?: string;
  /** CreationTime from this instant on (ms). */
  creationFromMs?: number;
  /** CreationTime up to this instant (ms). */
  creationToMs?: number;
  nvmeSupport?: string;
  /** Every one must match; a tag without value matches any value. */
  tags?: readonly { tagKey: string; tagValue?: string }[];
}

/** Whose images a listing shows, from the one who looks. */
export interface Whose {
  own: boolean;
  /** Images of other accounts: those shared with the viewer, or those published to all. */
  others?: 'shared' | 'published';
  /** Of the others only this account. */
  ownerId?: string;
}

export interface SnapshotFilter {
  snapshotIds?: readonly string[];
  snapshotName?: string;
  status?: SnapshotStatus;
  sourceDiskType?: string;
  sourceDiskIds?: readonly string[];
  /** None of these. */
  exceptSnapshotIds?: readonly string[];
  category?: string;
  resourceGroupId?: string;
  /** True: only snapshots that an image refers to; false: only the others. */
  usedByImage?: boolean;
  creationFromMs?: number;
  tags?: readonly { tagKey: string; tagValue?: string }[];
  /** Keyset: rows accepted before this sequence number. */
  beforeSeq?: number;
}

export interface TaskFilter {
  taskIds?: readonly string[];
  taskAction?: TaskAction;
  taskStatus?: TaskStatus;
  creationFromMs?: number;
  creationToMs?: number;
  resourceIds?: readonly string[];
}

export interface TagFilter {
  resourceType: TaggedType;
  resourceIds?: readonly string[];
  tags?: readonly { tagKey: string; tagValue?: string }[];
  /** Keyset: bindings after this one, in order of (resourceId, tagKey). */
  after?: { resourceId: string; tagKey: string };
  limit: number;
}

/** Tags in use; all that is given combines with AND, of several tags one must match. */
export interface TagUseFilter {
  resourceTypes: readonly TaggedType[];
  resourceId?: string;
  tags: readonly { tagKey: string; tagValue?: string }[];
}

/** A tag, and how many resources of each type carry it. */
export interface TagUse extends Tag {
  uses: ReadonlyMap<TaggedType, number>;
}

/** LIMIT and OFFSET of a stock page; the total is counted in the same snapshot. */
export interface PageOf {
  limit: number;
  offset: number;
}
export interface Counted<T> {
  total: number;
  rows: T[];
}

/** Remembered outcome of a call that carried a ClientToken. */
export interface TokenRow {
  inputHash: string;
  output: string;
  expiresMs: number;
}

/** What fsck recounts; small tables and counters, read in one snapshot. */
export interface AccountRegion extends Scope {
  nextSeq: number;
  nextChangeSeq: number;
  lastCreationMs: number;
  imageCount: number;
  familyCount: number;
}

export interface ReadTx
  extends
    AccountReads,
    AddressReads,
    AuditReads,
    JobReads,
    RamReads,
    UploadReads,
    UsageReads,
    VerificationReads {
  image(scope: Scope, imageId: string): Promise<Image | undefined>;
  /** Available images of the family, newest first, at most `limit`. */
  availableInFamily(scope: Scope, imageFamily: string, limit: number): Promise<Image[]>;
  images(scope: Scope, filter: ImageFilter, page: PageOf): Promise<Counted<Image>>;
  /** Images that an account may see, newest first, whose ever they are. */
  imagesSeenBy(
    viewer: Scope,
    whose: Whose,
    filter: ImageFilter,
    page: PageOf,
  ): Promise<Counted<Image>>;
  /** An image of another account that is shared with the account of `viewer` or published. */
  imageOfOthers(viewer: Scope, imageId: string): Promise<Image | undefined>;
  /** Available images of another account's family that the viewer may see, newest first. */
  othersInFamily(
    viewer: Scope,
    ownerId: AccountId,
    imageFamily: string,
    limit: number,
  ): Promise<Image[]>;
  /** Accounts that the image is shared with, in the order of sharing. */
  imageShares(imageId: ImageId, page: PageOf): Promise<Counted<ImageShare>>;
  /** Images of any account with a disk that has these bytes. */
  imagesOfBlob(digest: Digest): Promise<Image[]>;
  imageByName(scope: Scope, imageName: string): Promise<ImageId | undefined>;
  families(scope: Scope, page: PageOf): Promise<Counted<Family>>;
  family(scope: Scope, imageFamily: string): Promise<Family | undefined>;
  /** The newest Available image of the family, by id; the head as the rows say it now. */
  familyHead(scope: Scope, imageFamily: string): Promise<ImageId | undefined>;

  snapshot(scope: Scope, snapshotId: string): Promise<Snapshot | undefined>;
  snapshots(scope: Scope, filter: SnapshotFilter, page: PageOf): Promise<Counted<Snapshot>>;

  /** A record with its status as of `nowMs`. */
  resource(
    scope: Scope,
    resourceType: ResourceType,
    resourceId: string,
    nowMs: number,
  ): Promise<Resource | undefined>;
  /** Newest first. */
  resources(
    scope: Scope,
    filter: ResourceFilter,
    page: PageOf,
    nowMs: number,
  ): Promise<Counted<Resource>>;
  /** Instances on the list of those whose user data are in clear; last, without id: the file is to be wiped. */
  clearUserData(
    limit: number,
  ): Promise<{ resourceId: string; detail: Readonly<Record<string, unknown>> }[]>;
  /** Whether an image, a snapshot or a record of the account is in the group. */
  resourceGroupInUse(accountId: AccountId, resourceGroupId: string): Promise<boolean>;

  task(scope: Scope, taskId: string): Promise<Task | undefined>;
  tasks(scope: Scope, filter: TaskFilter, page: PageOf): Promise<Counted<Task>>;
  unfinishedTaskCount(accountId: AccountId): Promise<number>;

  tagBindings(scope: Scope, filter: TagFilter): Promise<TagBinding[]>;
  /** In order of key and value. */
  tagUses(scope: Scope, filter: TagUseFilter, page: PageOf): Promise<Counted<TagUse>>;

  blob(digest: Digest): Promise<Blob | undefined>;
  placements(digest: Digest): Promise<Placement[]>;
  /** Names of the stores that any row speaks of. */
  placementStores(): Promise<string[]>;
  /** Regions with a snapshot of these bytes. */
  regionsOfBlob(digest: Digest): Promise<RegionId[]>;
  /** Whether any job holds the blob. */
  isLeased(digest: Digest): Promise<boolean>;
  bucketOwner(bucket: string): Promise<{ accountId: AccountId; regionId: string } | undefined>;
  /** What is known of objects, by version, from key `first` to key `last` in order of bytes. */
  objectFacts(bucket: string, first: string, last: string): Promise<ObjectFacts[]>;
  token(scope: Scope, action: string, clientToken: string): Promise<TokenRow | undefined>;
  /** Whether an image or a snapshot has the id, or one that is deleted had it. */
  isIdUsed(resourceId: string): Promise<boolean>;

  /** Undefined while nothing has failed. */
  imageFailure(scope: Scope, imageId: string): Promise<ImageFailure | undefined>;
  /** What it was before its status changed last. */
  statusBefore(imageId: ImageId): Promise<ImageStatus | undefined>;
  /** Images that are being copied into the scope (Creating or Waiting), oldest first. */
  openCopies(scope: Scope, limit: number): Promise<{ imageId: ImageId }[]>;

  /** Journal rows of a scope after `afterChangeSeq`, in order. */
  changes(scope: Scope, afterChangeSeq: number, limit: number): Promise<Change[]>;
  accountRegions(): Promise<AccountRegion[]>;
  accountRegion(scope: Scope): Promise<AccountRegion | undefined>;
  /** Blobs in order of digest after `afterDigest`. */
  /** In order of digest; unreferenced: neither a snapshot names it, nor a job holds it. */
  blobs(afterDigest: string, limit: number): Promise<(Blob & { isUnreferenced: boolean })[]>;
}

export interface Tx
  extends
    ReadTx,
    AccountWrites,
    AddressWrites,
    AuditWrites,
    JobWrites,
    RamWrites,
    UploadWrites,
    VerificationWrites {
  readonly actor: Actor;
  /** Runs once after the commit that makes this write true; never after a roll-back. */
  afterCommit(effect: () => void): void;
  /**
   * Adds to the audit trail, with this write or not at all. The record gets its place in the chain right
   * before the commit, so that a write which is rolled back leaves no gap.
   */
  record(draft: AuditDraft): void;

  /** Makes the counters' row if it is missing. */
  ensureAccountRegion(scope: Scope): Promise<void>;
  /** Draws the next sequence number and a creation time that never runs backwards. */
  drawSeq(scope: Scope, nowMs: number): Promise<{ seq: number; creationMs: number }>;
  drawChangeSeq(scope: Scope): Promise<number>;
  addToCounts(scope: Scope, images: number, families: number): Promise<void>;

  insertImage(image: AcceptedImage): Promise<void>;
  insertImageDisk(scope: Scope, imageId: ImageId, disk: ImageDisk): Promise<void>;
  updateImageDisk(
    imageId: ImageId,
    position: number,
    set: Partial<Pick<ImageDisk, 'sizeGib' | 'format' | 'snapshotId'>>,
  ): Promise<void>;
  /** Compare-and-set on the status; false when the image is not in state `from`. */
  setImageStatus(imageId: ImageId, from: ImageStatus, to: ImageStatus): Promise<boolean>;
  /** Kept for as long as the image is. */
  setImageFailure(imageId: ImageId, failure: ImageFailure): Promise<void>;
  setImageProgress(imageId: ImageId, progress: number): Promise<void>;
  setImageFamily(imageId: ImageId, imageFamily: string | null): Promise<void>;
  updateImage(imageId: ImageId, set: ImageUpdate): Promise<void>;
  /** False when the share is there already. */
  insertImageShare(
    image: Scope & Pick<Image, 'imageId'>,
    sharedAccountId: AccountId,
    sharedMs: number,
  ): Promise<boolean>;
  /** Whether there was one. */
  deleteImageShare(imageId: ImageId, sharedAccountId: string): Promise<boolean>;
  /** Removes image, disks, tags and shares; the caller writes the tombstone. */
  deleteImageRows(imageId: ImageId): Promise<void>;
  insertTombstone(tombstone: {
    resourceId: string;
    accountId: AccountId;
    regionId: RegionId;
    resourceName: string;
    deletionMs: number;
  }): Promise<void>;

  /** Adds to the family's image count, making the row when it is missing; returns the new count. */
  addToFamily(scope: Scope, imageFamily: string, images: number): Promise<number>;
  setFamilyHead(
    scope: Scope,
    imageFamily: string,
    head: ImageId | null,
    sinceMs: number,
  ): Promise<void>;
  deleteFamily(scope: Scope, imageFamily: string): Promise<void>;

  insertSnapshot(
    snapshot: SnapshotDraft & Pick<Snapshot, 'seq' | 'creationMs' | 'status'>,
  ): Promise<void>;
  updateSnapshot(snapshotId: SnapshotId, set: SnapshotUpdate): Promise<void>;
  deleteSnapshotRows(snapshotId: SnapshotId): Promise<void>;

  insertResource(resource: ResourceDraft & Pick<Resource, 'seq' | 'creationMs'>): Promise<void>;
  updateResource(resourceId: string, set: ResourceUpdate): Promise<void>;
  forgetClearUserData(resourceId: string): Promise<void>;
  /** Removes the record and its tags; the caller writes the tombstone. */
  deleteResourceRows(resourceType: ResourceType, resourceId: string): Promise<void>;

  insertTask(task: Task): Promise<void>;
  /** Compare-and-set: ends or moves a task that is in state `from`. */
  setTaskStatus(
    taskId: TaskId,
    from: TaskStatus,
    set: Pick<Task, 'taskStatus' | 'finishedMs' | 'errorCode' | 'errorMessage'>,
  ): Promise<boolean>;
  setTaskProgress(taskId: TaskId, progress: number): Promise<void>;

  setTag(scope: Scope, binding: TagBinding): Promise<void>;
  deleteTag(resourceType: TaggedType, resourceId: string, tagKey: string): Promise<void>;

  insertBlob(blob: Blob): Promise<void>;
  /** Compare-and-set on the state. */
  setBlobState(digest: Digest, from: BlobState, to: BlobState): Promise<boolean>;
  deleteBlob(digest: Digest): Promise<void>;
  insertPlacement(placement: Placement): Promise<void>;
  deletePlacements(digest: Digest): Promise<void>;
  deletePlacement(digest: Digest, store: string): Promise<void>;
  /** A lease keeps a blob from the sweep while a job publishes it. */
  insertLease(digest: Digest, jobId: string): Promise<void>;
  deleteLeases(jobId: string): Promise<void>;
  /** Marks `deleting` the blob if no snapshot and no lease names it; false otherwise. */
  markUnreferenced(digest: Digest): Promise<boolean>;

  insertBucket(bucket: string, accountId: AccountId, regionId: string): Promise<void>;
  deleteBucket(bucket: string): Promise<void>;
  insertObjectFacts(bucket: string, facts: ObjectFacts): Promise<void>;
  /** Of all versions but one. */
  deleteObjectFacts(bucket: string, object: string, exceptVersion: string): Promise<void>;
  deleteFactsOfBucket(bucket: string): Promise<void>;
  insertToken(scope: Scope, action: string, clientToken: string, row: TokenRow): Promise<void>;

  deleteExpired(nowMs: number): Promise<void>;
  /** False when the fingerprint is there already: a replay. */
  insertNonce(fingerprint: string, expiresMs: number): Promise<boolean>;

  insertChange(change: Change): Promise<void>;
}

export type ImageUpdate = Partial<
  Pick<
    Image,
    | 'imageName'
    | 'description'
    | 'bootMode'
    | 'licenseType'
    | 'nvmeSupport'
    | 'imdsSupport'
    | 'sizeGib'
    | 'resourceGroupId'
    | 'isPublic'
  >
>;

/** The two doors. Both are async on both engines. */
export interface Store {
  /** One snapshot on a read-only connection. */
  read<T>(fn: (tx: ReadTx) => Promise<T>): Promise<T>;
  /** The one writer: `fn` awaits only verbs of `tx` and may run more than once. */
  write<T>(actor: Actor, fn: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
