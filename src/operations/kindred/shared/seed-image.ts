// One image of a seed, made in its own time: the rules are those of any image (order, quotas, family,
// journal), with a clock that stands at its CreationTime. What is there already is compared, and never
// changed.
import type { Image, ImageDisk } from '../../../domain/image.ts';
import { acceptImage, changeStatus, type AcceptRefusal } from '../../../domain/image-lifecycle.ts';
import { shareImage, type ShareRefusal } from '../../../domain/image-sharing.ts';
import type { AccountId, ImageId, SnapshotId } from '../../../domain/ids.ts';
import type { Quotas } from '../../../domain/quota.ts';
import { adoptStoredDisk, type StoredDisk } from '../../../domain/stored-disk.ts';
import type { Scope, Tx } from '../../../domain/tx.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { SeedFault } from './seed-fault.ts';
import type { WantedImage } from './seed-read.ts';

/** An image whose account and ids are known. */
export interface SettledImage extends Omit<WantedImage, 'imageId' | 'sharedWith'> {
  scope: Scope;
  imageId: ImageId;
  /** The id is wanted, by the file or by its rule for ids; otherwise another one is as good. */
  isIdWanted: boolean;
  snapshotIds: readonly (SnapshotId | null)[];
  /** Blank disks, in the order of the image's. */
  stored: readonly (StoredDisk | undefined)[];
  sharedWith: readonly AccountId[];
}

const ACCEPT_REFUSALS: Readonly<Record<AcceptRefusal, string>> = {
  'name-taken': 'ImageName: the account has an image of this name.',
  'images-full': 'the quota of images of the account and region is used up (--quota).',
  'family-full': 'ImageFamily: the quota of images in a family is used up (--quota).',
  'families-full': 'ImageFamily: the quota of families is used up (--quota).',
  'no-bytes': 'ImageFamily: the image has no bytes.',
};

const SHARE_REFUSALS: Readonly<Record<ShareRefusal, string>> = {
  'wrong-status': 'its status does not permit it.',
  'own-account': 'it is the account of the image itself.',
  'unknown-account': 'there is no such account.',
  published: 'the image is published.',
  'has-data-disks': 'an image with data disks is not published.',
  'too-many': 'it is shared with too many accounts (--quota).',
};

/** Whether it was made; false: it was there. @throws SeedFault */
export const applyImage = async (tx: Tx, image: SettledImage, quotas: Quotas): Promise<boolean> => {
  const { scope, draft, path } = image;
  const knownId = image.isIdWanted ? image.imageId : await tx.imageByName(scope, draft.imageName);
  const known = knownId === undefined ? undefined : await tx.image(scope, knownId);
  if (known !== undefined) {
    await compare(tx, image, known);
    return false;
  }
  if (image.isIdWanted && (await tx.isIdUsed(image.imageId)))
    throw new SeedFault(`${path}.ImageId`, 'the id is, or was, that of another image.', 'conflict');
  await make(inItsTime(tx, image.creationMs), image, quotas);
  await refuseEarlier(tx, image);
  return true;
};

/** The same verbs, at another time of the wall clock. */
const inItsTime = (tx: Tx, nowMs: number | undefined): Tx =>
  nowMs === undefined ? tx : { ...tx, actor: { ...tx.actor, nowMs } };

/** Time never runs backwards within an account and region: what was accepted last is the newest. */
const refuseEarlier = async (tx: Tx, { scope, imageId, creationMs, path }: SettledImage) => {
  if (creationMs === undefined) return;
  const made = await tx.image(scope, imageId);
  if (made === undefined || made.creationMs === creationMs) return;
  throw new SeedFault(
    `${path}.CreationTime`,
    `${scope.regionId} has an image or snapshot of the account from ${formatSeconds(made.creationMs)}, and time does not run backwards there; apply the seed to an empty account, or leave CreationTime out.`,
    'conflict',
  );
};

const make = async (tx: Tx, image: SettledImage, quotas: Quotas): Promise<void> => {
  const { scope, imageId, draft, path, tags, status } = image;
  const disks = await makeDisks(tx, image);
  const draftHere = { ...draft, ...scope, imageId, resourceGroupId: '' };
  const outcome = await acceptImage(tx, draftHere, disks, tags, 'Creating', quotas);
  if (!outcome.accepted) {
    const [name, message] = ACCEPT_REFUSALS[outcome.refusal].split(': ');
    const isTaken = outcome.refusal === 'name-taken';
    throw new SeedFault(
      message === undefined ? path : `${path}.${name}`,
      message ?? name!,
      isTaken ? 'conflict' : 'invalid',
    );
  }
  await tx.setImageProgress(imageId, 100);
  if (status === 'CreateFailed') {
    const errorMessage = 'The seed says so.';
    await tx.setImageFailure(imageId, { errorCode: 'SEEDED', errorMessage });
    await moveTo(tx, image, 'CreateFailed');
    return;
  }
  await moveTo(tx, image, 'Available');
  await share(tx, image, quotas);
  if (status !== 'Available') await moveTo(tx, image, status);
};

const moveTo = async (tx: Tx, image: SettledImage, to: Image['status']): Promise<void> => {
  const made = await tx.image(image.scope, image.imageId);
  if (made === undefined || !(await changeStatus(tx, made, to)))
    throw new SeedFault(`${image.path}.Status`, `the image cannot become ${to}.`);
};

const share = async (tx: Tx, image: SettledImage, quotas: Quotas): Promise<void> => {
  const { sharedWith, isPublic, path } = image;
  const made = await tx.image(image.scope, image.imageId);
  if (made === undefined || (sharedWith.length === 0 && !isPublic)) return;
  const request = { add: sharedWith, remove: [], ...(isPublic && { publish: true }) };
  const refusal = await shareImage(tx, made, request, quotas);
  if (refusal !== undefined)
    throw new SeedFault(`${path}.${isPublic ? 'IsPublic' : 'Accounts'}`, SHARE_REFUSALS[refusal]);
};

/** Snapshots with the bytes of blank disks; one that is there holds what it holds. */
const makeDisks = async (tx: Tx, image: SettledImage): Promise<ImageDisk[]> => {
  const disks: ImageDisk[] = [];
  for (const [i, disk] of image.disks.entries()) {
    const snapshotId = image.snapshotIds[i] ?? null;
    const stored = image.stored[i];
    if (snapshotId !== null && stored !== undefined)
      await makeSnapshot(tx, image, { snapshotId, stored, at: i });
    disks.push({ ...disk, snapshotId });
  }
  return disks;
};

const makeSnapshot = async (
  tx: Tx,
  { scope, imageId, path, disks }: SettledImage,
  { snapshotId, stored, at }: { snapshotId: SnapshotId; stored: StoredDisk; at: number },
): Promise<void> => {
  const disk = disks[at]!;
  if ((await tx.snapshot(scope, snapshotId)) !== undefined) return;
  if (await tx.isIdUsed(snapshotId))
    throw new SeedFault(
      `${path}.DiskDeviceMappings[${at}].SnapshotId`,
      'the id is, or was, that of another snapshot.',
      'conflict',
    );
  if (!(await adoptStoredDisk(tx, stored)))
    throw new SeedFault(path, 'its blank disk is just being removed; try again.', 'conflict');
  await tx.ensureAccountRegion(scope);
  await tx.insertSnapshot({
    ...scope,
    ...(await tx.drawSeq(scope, tx.actor.nowMs)),
    snapshotId,
    snapshotName: `seed-${imageId}-${disk.position}`,
    description: `Disk ${disk.position} of the image ${imageId} of a seed`,
    sourceDiskType: disk.diskType,
    sizeGib: disk.sizeGib,
    status: 'accomplished',
  });
  await tx.updateSnapshot(snapshotId, {
    progress: 100,
    digest: stored.blob.digest,
    sizeGib: disk.sizeGib,
    sizeBytes: stored.blob.sizeBytes,
    lastModifiedMs: tx.actor.nowMs,
  });
};

/** @throws SeedFault that names the first thing that differs */
const compare = async (tx: Tx, image: SettledImage, known: Image): Promise<void> => {
  const { draft, path, status, isPublic, isExact, creationMs } = image;
  const shares = await tx.imageShares(known.imageId, { limit: 100, offset: 0 });
  const pairs: readonly (readonly [name: string, wanted: unknown, found: unknown])[] = [
    ['ImageName', draft.imageName, known.imageName],
    ['ImageFamily', draft.imageFamily ?? '', known.imageFamily ?? ''],
    ['ImageVersion', draft.imageVersion, known.imageVersion],
    ['Description', draft.description, known.description],
    ['Status', status, known.status],
    ['Architecture', draft.architecture, known.architecture],
    ['OSType', draft.osType, known.osType],
    ['Platform', draft.platform, known.platform],
    ['BootMode', draft.bootMode, known.bootMode],
    ['LicenseType', draft.licenseType, known.licenseType],
    ['Features.NvmeSupport', draft.nvmeSupport, known.nvmeSupport],
    ['Features.ImdsSupport', draft.imdsSupport, known.imdsSupport],
    ['IsCopied', draft.isCopied, known.isCopied],
    ['IsPublic', isPublic, known.isPublic],
    ['Size', draft.sizeGib, known.sizeGib],
    ['DiskDeviceMappings', image.disks.length, known.disks.length],
    ['Tags', tagTexts(image.tags), tagTexts(known.tags)],
    [
      'Accounts',
      image.sharedWith.toSorted(),
      shares.rows.map(({ accountId }) => accountId).toSorted(),
    ],
    ...(isExact && creationMs !== undefined
      ? [['CreationTime', formatSeconds(creationMs), formatSeconds(known.creationMs)] as const]
      : []),
  ];
  for (const [name, wanted, found] of pairs)
    if (JSON.stringify(wanted) !== JSON.stringify(found))
      throw new SeedFault(
        `${path}.${name}`,
        `${JSON.stringify(wanted)} is asked for, and ${known.imageId} has ${JSON.stringify(found)}.`,
        'conflict',
      );
};

const tagTexts = (tags: readonly { tagKey: string; tagValue: string }[]): string[] =>
  tags.map(({ tagKey, tagValue }) => `${tagKey}=${tagValue}`).toSorted();
