// Copies of images: acceptance, whose turn it is, cancellation, and who is being copied. A copy is an
// image of its own from the start; its job carries the source's id within its own id, so that the rows
// say what is copied without a table of their own. Five copies of an account run in a region at once;
// the oldest five that have not ended are the ones, which needs no counter that could go wrong.
import { isWithoutBytes, lacksBytes } from './bytes.ts';
import type { AccountId, Digest, ImageId, RegionId, SnapshotId } from './ids.ts';
import { acceptImage, changeStatus, removeImage, type AcceptRefusal } from './image-lifecycle.ts';
import type { Image, ImageDisk } from './image.ts';
import type { Quotas } from './quota.ts';
import { removeSnapshot } from './snapshot-lifecycle.ts';
import type { Tag } from './tag.ts';
import type { Scope, Tx } from './tx.ts';

/** Copies of one account that run in one region at once; the others wait, oldest first. */
export const MAX_RUNNING_COPIES = 5;

export interface CopyRequest {
  /** As the caller may see it; of any account and region. */
  source: Image;
  /** Who the copy will belong to. */
  accountId: AccountId;
  destinationRegionId: RegionId;
  /** Drawn for the destination region. */
  imageId: ImageId;
  newSnapshotId: () => SnapshotId;
  /** Absent: the id of the copy. */
  imageName?: string;
  description?: string;
  resourceGroupId?: string;
  /** Tags of the source are not taken over. */
  tags?: readonly Tag[];
  /** Set for the image that a pipeline builds: its bytes are a copy, and to those who look it is none. */
  built?: { systemDiskGib: number; nvmeSupport: string };
}

export type CopyRefusal =
  | Extract<AcceptRefusal, 'name-taken' | 'images-full' | 'no-bytes'>
  | 'not-available';

export type CopyOutcome =
  | { accepted: true; status: 'Creating' | 'Waiting' }
  | { accepted: false; refusal: CopyRefusal };

/** One disk of a copy, as the job's state has it. */
export interface CopyDisk {
  position: number;
  /** The snapshot of the copy. */
  snapshotId: SnapshotId;
  digest: Digest;
  sizeBytes: number;
  sizeGib: number;
}

const sourceOf = (imageId: string): string => `CopyImage:${imageId}:`;

/**
 * Takes a copy in: image, snapshots, leases and job. The leases hold the bytes of the source until the
 * job ends, whatever becomes of the source.
 */
export const acceptCopy = async (
  tx: Tx,
  request: CopyRequest,
  quotas: Quotas,
): Promise<CopyOutcome> => {
  const { source, imageId, built } = request;
  const scope: Scope = { accountId: request.accountId, regionId: request.destinationRegionId };
  if (source.status !== 'Available') return { accepted: false, refusal: 'not-available' };
  if (await lacksBytes(tx, source, source.disks)) return { accepted: false, refusal: 'no-bytes' };
  await tx.ensureAccountRegion(scope);
  const underWay = await tx.openCopies(scope, MAX_RUNNING_COPIES);
  const mayRun = built !== undefined || underWay.length < MAX_RUNNING_COPIES;
  const status = mayRun ? 'Creating' : 'Waiting';
  const jobId = `${sourceOf(source.imageId)}${imageId}`;
  const copies = await planCopies(tx, request);
  const snapshotIds = new Map(copies.map((copy) => [copy.position, copy.snapshotId]));
  const disks = source.disks.map((disk): ImageDisk => {
    // Where the source was imported from is the source's own story.
    const told = { importOssBucket: '', importOssObject: '' };
    const sizeGib = disk.position === 1 ? (built?.systemDiskGib ?? disk.sizeGib) : disk.sizeGib;
    return { ...disk, ...told, sizeGib, snapshotId: snapshotIds.get(disk.position) ?? null };
  });
  const draft = {
    ...takenOver(source),
    ...scope,
    imageId,
    sourceImageId: source.imageId,
    imageName: request.imageName ?? imageId,
    imageFamily: null,
    description: request.description ?? '',
    resourceGroupId: request.resourceGroupId ?? '',
    ...(built === undefined ? COPIED : { ...BUILT, nvmeSupport: built.nvmeSupport }),
    sizeGib: disks[0]?.sizeGib ?? source.sizeGib,
  };
  const outcome = await acceptImage(tx, draft, disks, request.tags ?? [], status, quotas);
  if (!outcome.accepted) {
    // A copy joins no family, so that name and number are all there is to refuse.
    const refusal = outcome.refusal === 'name-taken' ? outcome.refusal : 'images-full';
    return { accepted: false, refusal };
  }
  for (const copy of copies) {
    await insertCopiedSnapshot(tx, scope, source, imageId, copy);
    await tx.insertLease(copy.digest, jobId);
  }
  await tx.insertJob({
    ...scope,
    jobId,
    kind: 'CopyImage',
    imageId,
    taskId: null,
    step: 'turn',
    state: JSON.stringify({ disks: copies }),
    status: 'ready',
    attempts: 0,
    creationMs: tx.actor.nowMs,
  });
  return { accepted: true, status };
};

const COPIED = { isCopied: true, origin: 'CopyImage' } as const;
const BUILT = { isCopied: false, origin: 'ImagePipelineExecution', imageVersion: '' } as const;

/** The disks that have bytes; a data disk that starts empty has none, with a snapshot or without. */
const planCopies = async (tx: Tx, { source, newSnapshotId }: CopyRequest): Promise<CopyDisk[]> => {
  const copies: CopyDisk[] = [];
  for (const { position, snapshotId } of source.disks) {
    if (snapshotId === null) continue;
    const snapshot = await tx.snapshot(source, snapshotId);
    if (snapshot !== undefined && isWithoutBytes(snapshot)) continue;
    if (snapshot?.status !== 'accomplished' || snapshot.digest === null)
      throw new Error(`${source.imageId} is Available and disk ${position} has no bytes.`);
    const { digest, sizeBytes, sizeGib } = snapshot;
    copies.push({ position, snapshotId: newSnapshotId(), digest, sizeBytes, sizeGib });
  }
  return copies;
};

const insertCopiedSnapshot = async (
  tx: Tx,
  scope: Scope,
  source: Image,
  imageId: ImageId,
  { position, snapshotId, sizeGib }: CopyDisk,
): Promise<void> => {
  const disk = source.disks.find((candidate) => candidate.position === position);
  await tx.insertSnapshot({
    ...scope,
    ...(await tx.drawSeq(scope, tx.actor.nowMs)),
    snapshotId,
    snapshotName: `copy-${imageId}-${position}`,
    description: `Disk ${position} of the copied image ${imageId}`,
    sourceDiskType: disk?.diskType ?? 'data',
    sizeGib,
    sourceRegionId: source.regionId,
    // A receiver of a shared image is not told the ids of the owner's snapshots.
    sourceSnapshotId: (source.accountId === scope.accountId && disk?.snapshotId) || '',
    status: 'progressing',
  });
};

/** What a copy has of its source: all that says how a machine boots from it. */
const takenOver = (source: Image) => {
  const { imageVersion, architecture, osType, platform, bootMode, licenseType } = source;
  const { nvmeSupport, imdsSupport, secureBootSupport, detectionStrategy } = source;
  const { isSupportCloudinit, sizeGib } = source;
  const system = { imageVersion, architecture, osType, platform, bootMode, licenseType };
  const features = { nvmeSupport, imdsSupport, secureBootSupport, detectionStrategy };
  return { ...system, ...features, isSupportCloudinit, sizeGib };
};

/**
 * Begins a copy that waits, once it is among the oldest that may run. Gives 0 when it runs, and else
 * how many rounds of `MAX_RUNNING_COPIES` stand before it.
 */
export const takeTurn = async (tx: Tx, image: Image): Promise<number> => {
  if (image.status !== 'Waiting') return 0;
  const underWay = await tx.openCopies(image, MAX_SEEN);
  const place = underWay.findIndex(({ imageId }) => imageId === image.imageId);
  const rounds = Math.floor((place < 0 ? MAX_SEEN : place) / MAX_RUNNING_COPIES);
  if (rounds === 0) await changeStatus(tx, image, 'Creating');
  return rounds;
};

/** How far a waiting copy looks ahead of itself. */
const MAX_SEEN = 100;

/**
 * Takes an unfinished copy, or what a pipeline builds, back with its snapshots; false when it is not
 * unfinished. Bytes go with the job.
 */
export const cancelCopy = async (tx: Tx, image: Image): Promise<boolean> => {
  if (image.status !== 'Creating' && image.status !== 'Waiting') return false;
  const job = await tx.jobOfImage(image.imageId);
  if (job !== undefined && (job.status === 'ready' || job.status === 'running'))
    await tx.saveJob(job.jobId, job.status, { ...job, status: 'cancelled' });
  await removeImage(tx, image);
  for (const { snapshotId } of image.disks) {
    const snapshot = snapshotId === null ? undefined : await tx.snapshot(image, snapshotId);
    if (snapshot?.status === 'progressing') await removeSnapshot(tx, snapshot);
  }
  return true;
};

/**
 * Whether the owner copies the image somewhere right now. Copies that others make of a shared image
 * do not count: they are not the owner's to know, and hold their bytes by leases.
 */
export const isBeingCopied = async (
  tx: Pick<Tx, 'jobsNamed'>,
  image: Pick<Image, 'imageId' | 'accountId'>,
): Promise<boolean> =>
  (await tx.jobsNamed(sourceOf(image.imageId))).some(
    ({ accountId, status }) => accountId === image.accountId && status !== 'cancelled',
  );
