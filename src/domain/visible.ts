// Which images a caller may see, and under which name. His own by their plain family; images that
// others share with him or publish as `acs:<uid>:<family>`; the public catalogue as `acs:<name>`. Every
// operation that takes an image by id or by family asks here, so that the rule stands once. What is
// found of others is the stored image: `imageSeen` is what may be shown of it.
import type { Caller } from './account.ts';
import type { Catalogue, CatalogueImage } from './catalogue.ts';
import { resolveFamily, type FamilyLookup } from './family.ts';
import type { AccountId, RegionId } from './ids.ts';
import type { Image } from './image.ts';
import { isFamilyName } from './naming.ts';
import type { ReadTx } from './tx.ts';

/** An image with whose it is, seen from the caller. A catalogue image (`system`) has no bytes. */
export type VisibleImage =
  | { ownerAlias: 'self' | 'others'; image: Image }
  | { ownerAlias: 'system'; image: CatalogueImage };

export interface Visibility {
  familyLookup: FamilyLookup;
  catalogue: Catalogue;
}

type Viewer = Pick<Caller, 'accountId'>;

/** The image of this id that the caller may see in the region: own, shared, published, catalogue. */
export const findVisible = async (
  tx: ReadTx,
  caller: Viewer,
  regionId: RegionId,
  imageId: string,
  { catalogue }: Pick<Visibility, 'catalogue'>,
): Promise<VisibleImage | undefined> => {
  const scope = { accountId: caller.accountId, regionId };
  const own = await tx.image(scope, imageId);
  if (own !== undefined) return { ownerAlias: 'self', image: own };
  const system = catalogue.imagesIn(regionId).find((image) => image.imageId === imageId);
  if (system !== undefined) return { ownerAlias: 'system', image: system };
  const others = await tx.imageOfOthers(scope, imageId);
  return others && { ownerAlias: 'others', image: others };
};

/** `acs:<uid>:<family>` */
const SHARED_NAME = /^acs:(\d{1,20}):(.+)$/s;

/** Owner and plain family of a name that others know an image by; undefined for other names. */
export const readSharedName = (
  name: string,
): { ownerId: AccountId; imageFamily: string } | undefined => {
  const [, ownerId, imageFamily] = SHARED_NAME.exec(name) ?? [];
  if (ownerId === undefined || imageFamily === undefined) return undefined;
  return { ownerId: ownerId as AccountId, imageFamily };
};

/**
 * What the family names for the caller: its newest Available image, `undefined` when there is none, or
 * `malformed` when the name is none (answered with InvalidImageFamily.Malformed).
 */
export const findByFamily = async (
  tx: ReadTx,
  caller: Viewer,
  regionId: RegionId,
  name: string,
  { familyLookup, catalogue }: Visibility,
): Promise<VisibleImage | undefined | 'malformed'> => {
  const scope = { accountId: caller.accountId, regionId };
  if (!/^acs:/i.test(name)) {
    if (!isFamilyName(name)) return 'malformed';
    const { image } = resolveFamily(name, await tx.availableInFamily(scope, name, 1));
    return image && { ownerAlias: 'self', image };
  }
  if (familyLookup === 'classic') return 'malformed';
  const shared = readSharedName(name);
  if (shared === undefined) {
    const { image } = resolveFamily(name, catalogue.imagesIn(regionId));
    return image && { ownerAlias: 'system', image };
  }
  const { ownerId, imageFamily } = shared;
  const candidates = await tx.othersInFamily(scope, ownerId, imageFamily, 1);
  const { image } = resolveFamily(imageFamily, candidates);
  return image && { ownerAlias: 'others', image };
};

/** The family's name as others see it. */
export const familyForOthers = (ownerId: AccountId, imageFamily: string): string =>
  `acs:${ownerId}:${imageFamily}`;

/**
 * What a receiver may see of an image of another account: not where its bytes came from nor the
 * snapshots that hold them, not the owner's tags, resource group and shares.
 */
const asSeenByOthers = (image: Image): Image => ({
  ...image,
  imageFamily:
    image.imageFamily === null ? null : familyForOthers(image.accountId, image.imageFamily),
  resourceGroupId: '',
  sourceImageId: '',
  detectionStrategy: '',
  isShared: false,
  tags: [],
  disks: image.disks.map((disk) => ({
    ...disk,
    importOssBucket: '',
    importOssObject: '',
    snapshotId: null,
  })),
});

/** The image as it may be shown to the caller. */
export const imageSeen = ({ ownerAlias, image }: VisibleImage): Image =>
  ownerAlias === 'others' ? asSeenByOthers(image) : image;
