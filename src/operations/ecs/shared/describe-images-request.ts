// The request of DescribeImages: its parameters, and the filter that they make. A filter must never
// find more than was asked for: clients delete what the list shows.
import { IMAGE_STATUSES, isUsable, type ImageStatus } from '../../../domain/image.ts';
import type { ImageFilter } from '../../../domain/tx.ts';
import {
  boolean,
  choice,
  integer,
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
  ImageFamily: optional(string({ description: 'Exact family name.', maxLength: 256, invalid })),
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
      description: 'Whose images. Here only `self` has any.',
      invalid: 'InvalidImageOwnerAlias.ValueNotSupported',
    }),
  ),
  ImageOwnerId: optional(
    integer({ description: 'UID of the owner, with ImageOwnerAlias others.', invalid }),
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
      description: 'Whether machines run from the image. There are none here.',
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
type Context = Pick<CallContext<Fault>, 'fail'>;

const splitList = (text: string): string[] => text.split(',').map((part) => part.trim());

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

/** The filter for the store; undefined when nothing can match. */
export const readImageFilter = (ctx: Context, wanted: Input): ImageFilter | undefined => {
  if (wanted.ImageOwnerId !== undefined && wanted.ImageOwnerAlias !== 'others')
    throw ctx.fail('InvalidOperation.ImageOwnerIdUnsupported');
  if (wanted.IsPublic === true && wanted.ImageOwnerAlias !== 'others')
    throw ctx.fail('InvalidImageOwnerAlias.PublicImageUnsupported');
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
  const isOfOthers = wanted.ImageOwnerAlias !== undefined && wanted.ImageOwnerAlias !== 'self';
  if (isOfOthers || wanted.Usage === 'instance' || wanted.IsSupportIoOptimized === false)
    return undefined;
  if (filters.nothing || statuses.length === 0) return undefined;
  const name = wanted.ImageName;
  return given({
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
    resourceGroupId: wanted.ResourceGroupId,
    creationFromMs: filters.creationFromMs,
    creationToMs: filters.creationToMs,
    tags,
  });
};
