// The request of DescribeImages: its parameters, and what they ask for. It must never find more than was
// asked for, since clients delete what the list shows; and a filter must not tell of an image of others
// what its receiver may not see.
import { IMAGE_STATUSES, isUsable, type ImageStatus } from '../../../domain/image.ts';
import type { AccountId } from '../../../domain/ids.ts';
import { eachOf, type Asked } from '../../../domain/policy/thing.ts';
import { keptGroupId } from '../../../domain/resource-group.ts';
import type { ImageFilter, Whose } from '../../../domain/tx.ts';
import { readSharedName } from '../../../domain/visible.ts';
import {
  boolean,
  choice,
  list,
  object,
  optional,
  string,
  type Static,
} from '../../../lib/schema.ts';
import type { CallContext } from '../../../operation.ts';
import { given } from './given.ts';
import { readFilters, type FilterFault } from './image-filters.ts';
import { ARCHITECTURES } from './image-parameters.ts';
import { dryRun, owners, pageNumber, pageSize, regionId, tagList } from './parameters.ts';

/** The vendor's spelling. */
const invalid = 'InvalidParamter';
const MAX_IMAGE_IDS = 100;

export const describeImagesInput = object({
  RegionId: regionId(),
  ImageId: optional(
    string({ description: 'One id, or up to 100 with commas between.', maxLength: 4096, invalid }),
  ),
  ImageName: optional(
    string({
      description: 'Exact name; `*` stands for any run of characters.',
      maxLength: 128,
      invalid,
    }),
  ),
  ImageFamily: optional(
    string({
      description: 'Exact family name: plain, `acs:<uid>:<family>` or `acs:<name>`.',
      maxLength: 256,
      invalid,
    }),
  ),
  Status: optional(
    string({
      description:
        'States with commas between, or ALL alone. Default Available; required when Usable is given.',
      maxLength: 256,
      invalid,
    }),
  ),
  Usable: optional(
    boolean({
      description: 'Only images that machines can be made from, or only the others.',
      invalid,
    }),
  ),
  ImageOwnerAlias: optional(
    choice(['system', 'self', 'others', 'marketplace'], {
      description:
        'system: public images; self; others: shared with the caller, or with IsPublic published ones; marketplace: none. Without it all but published ones.',
      invalid: 'InvalidImageOwnerAlias.ValueNotSupported',
    }),
  ),
  ImageOwnerId: optional(
    // A text, since some clients send numbers that no integer of JavaScript holds: they find nothing.
    string({
      description: 'UID of the owner, with ImageOwnerAlias others or none.',
      pattern: '^\\d{1,20}$',
      invalid,
    }),
  ),
  IsPublic: optional(
    boolean({
      description: 'True: published images of others, with ImageOwnerAlias others.',
      invalid,
    }),
  ),
  SnapshotId: optional(
    string({ description: 'Images that use this snapshot.', maxLength: 128, invalid }),
  ),
  Usage: optional(
    choice(['instance', 'none'], {
      description: 'Whether instances of the caller were made from the image.',
      invalid: 'InvalidUsage',
    }),
  ),
  OSType: optional(choice(['windows', 'linux'], { invalid: 'InvalidOSType' })),
  Architecture: optional(choice(ARCHITECTURES, { invalid: 'InvalidArchitecture' })),
  IsSupportIoOptimized: optional(boolean({ description: 'Every image here does.', invalid })),
  IsSupportCloudinit: optional(
    boolean({ description: 'Only images that do, or do not.', invalid }),
  ),
  InstanceType: optional(
    string({
      maxLength: 64,
      pattern: '^ecs\\.[a-z0-9-]+(\\.[a-z0-9-]+)+$',
      invalid: 'InvalidInstanceType.ValueNotSupported',
      withoutEffect: 'No machines are made here, so no type excludes an image.',
    }),
  ),
  ActionType: optional(
    choice(['CreateEcs', 'ChangeOS', 'CreateOS'], {
      invalid,
      withoutEffect: 'Own images serve every scenario alike.',
    }),
  ),
  ShowExpired: optional(
    boolean({ invalid, withoutEffect: 'No image here is subscribed, so none expires.' }),
  ),
  ResourceGroupId: optional(
    string({ description: 'Images of this resource group.', maxLength: 64, invalid }),
  ),
  Filter: optional(
    list(object({ Key: optional(string()), Value: optional(string()) }), {
      description:
        'CreationStartTime, CreationEndTime (`yyyy-MM-ddTHH:mmZ`), NetworkType, CpuOnlineUpgrade, CpuOnlineDowngrade, MemoryOnlineUpgrade, MemoryOnlineDowngrade.',
      maxItems: 20,
      invalid,
    }),
  ),
  Tag: tagList('InvalidTagCount'),
  PageNumber: { ...pageNumber, invalid },
  PageSize: { ...pageSize, invalid },
  DryRun: dryRun,
  ...owners,
});
type Input = Static<typeof describeImagesInput>;

type Fault =
  | FilterFault['fault']
  | 'InvalidParamter'
  | 'MissingParameter'
  | 'InvalidTag.Mismatch'
  | 'InvalidOperation.ImageOwnerIdUnsupported'
  | 'InvalidImageOwnerAlias.PublicImageUnsupported';
type Context = Pick<CallContext<Fault>, 'caller' | 'fail'>;

const splitList = (text: string): string[] => text.split(',').map((part) => part.trim());

/** What the list is of: the images that are named, or all, or a family's. More ids than are taken are not looked at. */
export const imagesAsked = ({
  ImageId,
  ImageFamily,
}: Pick<Input, 'ImageId' | 'ImageFamily'>): Asked | string[] =>
  ImageId === undefined
    ? { resource: 'image/*', imageFamily: ImageFamily }
    : eachOf('image', splitList(ImageId).slice(0, MAX_IMAGE_IDS + 1));

const isStatus = (text: string): text is ImageStatus =>
  (IMAGE_STATUSES as readonly string[]).includes(text);

/** The states that Status and Usable leave. */
const readStatuses = (ctx: Context, { Status, Usable }: Input): readonly ImageStatus[] => {
  if (Status === undefined && Usable !== undefined)
    throw ctx.fail('MissingParameter', { parameter: 'Status' });
  const named = splitList(Status ?? 'Available');
  const statuses = named.length === 1 && named[0] === 'ALL' ? IMAGE_STATUSES : named;
  if (!statuses.every(isStatus)) throw ctx.fail('InvalidParamter', { parameter: 'Status' });
  return statuses.filter((status) => Usable === undefined || isUsable(status) === Usable);
};

/** What is asked for: whose images, and which of them. */
export interface ImageQuery {
  filter: ImageFilter;
  whose: Whose;
  /** Whether public images are meant too; they have no snapshots, groups and tags. */
  catalogue: boolean;
}

const NOBODYS = { whose: { own: false }, catalogue: false };

/** Whose images the owner parameters ask for. */
const readOwner = (
  ctx: Context,
  { ImageOwnerAlias: alias, ImageOwnerId: ownerId, IsPublic: isPublic }: Input,
  callerId: AccountId,
): Omit<ImageQuery, 'filter'> => {
  if (ownerId !== undefined && alias !== undefined && alias !== 'others')
    throw ctx.fail('InvalidOperation.ImageOwnerIdUnsupported');
  if (isPublic === true && alias !== 'others')
    throw ctx.fail('InvalidImageOwnerAlias.PublicImageUnsupported');
  const isNamed = alias === undefined && ownerId !== undefined;
  const own = alias === 'self' || (isNamed ? ownerId === callerId : alias === undefined);
  const others = alias === undefined || alias === 'others';
  return {
    whose: given({
      own,
      others: others
        ? isPublic === true
          ? ('published' as const)
          : ('shared' as const)
        : undefined,
      ownerId,
    }) as Whose,
    catalogue: alias === 'system' || (alias === undefined && !isNamed),
  };
};

/**
 * Narrows whose images are meant by what only the owner may know of an image (where its bytes are, its
 * tags and group) and by the name of the family: others know it as `acs:<uid>:<family>`.
 */
const narrowOwner = (query: ImageQuery): ImageQuery => {
  const { filter, whose } = query;
  const isOwners =
    filter.snapshotId !== undefined ||
    filter.resourceGroupId !== undefined ||
    (filter.tags?.length ?? 0) > 0;
  if (isOwners) return { filter, whose: { own: whose.own }, catalogue: false };
  if (filter.imageFamily === undefined) return query;
  const shared = readSharedName(filter.imageFamily);
  // A plain name, or one of the catalogue, which no image of an account has.
  if (shared === undefined) return { ...query, whose: { own: whose.own } };
  const { ownerId, imageFamily } = shared;
  if (whose.others === undefined || (whose.ownerId ?? ownerId) !== ownerId)
    return { filter, ...NOBODYS };
  return {
    filter: { ...filter, imageFamily },
    whose: { own: false, others: whose.others, ownerId },
    catalogue: false,
  };
};

/** Which images the caller asks for; undefined when nothing can match. */
export const readImageQuery = (
  ctx: Context,
  wanted: Input,
  callerId: AccountId,
): ImageQuery | undefined => {
  const owner = readOwner(ctx, wanted, callerId);
  const statuses = readStatuses(ctx, wanted);
  const imageIds = wanted.ImageId === undefined ? undefined : splitList(wanted.ImageId);
  if (imageIds !== undefined && imageIds.length > MAX_IMAGE_IDS)
    throw ctx.fail('InvalidParamter', { parameter: 'ImageId' });
  const filters = readFilters(wanted.Filter);
  if ('fault' in filters) throw ctx.fail(filters.fault, { parameter: filters.parameter });
  const tags = wanted.Tag?.map(({ Key, Value }, i) => {
    if (Key === undefined) throw ctx.fail('InvalidTag.Mismatch', { parameter: `Tag.${i + 1}.Key` });
    return Value === undefined ? { tagKey: Key } : { tagKey: Key, tagValue: Value };
  });
  if (wanted.IsSupportIoOptimized === false || filters.nothing || statuses.length === 0)
    return undefined;
  const { ImageName: name, ResourceGroupId: group } = wanted;
  const filter: ImageFilter = given({
    statuses,
    imageIds,
    imageName: name?.includes('*') ? undefined : name,
    imageNamePattern: name?.includes('*') ? name : undefined,
    imageFamily: wanted.ImageFamily,
    snapshotId: wanted.SnapshotId,
    osType: wanted.OSType,
    architecture: wanted.Architecture,
    isSupportCloudinit: wanted.IsSupportCloudinit,
    isPublic: wanted.IsPublic,
    isInUse: wanted.Usage === undefined ? undefined : wanted.Usage === 'instance',
    resourceGroupId: group === undefined ? undefined : keptGroupId(ctx.caller.accountId, group),
    creationFromMs: filters.creationFromMs,
    creationToMs: filters.creationToMs,
    tags,
  });
  return narrowOwner({ filter, ...owner });
};
