// Copies an image to a region, as an image of its own with snapshots of its own. It is accepted with a job
// beside it; the job brings the bytes over when the destination keeps them in another store.
import { acceptCopy, type CopyRefusal } from '../../domain/image-copy.ts';
import type { RegionId } from '../../domain/ids.ts';
import { isDescription, isImageName } from '../../domain/naming.ts';
import { NO_BYTES } from '../../domain/bytes.ts';
import { findVisible } from '../../domain/visible.ts';
import { boolean, object, optional, string, type Static } from '../../lib/schema.ts';
import { defineOperation, type CallContext } from '../../operation.ts';
import { because } from './shared/because.ts';
import { requireCreationTags, type CreationTagFault } from './shared/creation-tags.ts';
import { given } from './shared/given.ts';
import { description, imageName } from './shared/image-parameters.ts';
import {
  clientToken,
  dryRun,
  ECS_VERSION,
  imageId,
  NOT_ENCRYPTED,
  owners,
  regionId,
  tagList,
} from './shared/parameters.ts';
import { requireResourceGroup, resourceGroupId } from './shared/resource-group.ts';

const input = object({
  RegionId: regionId('MissingRegionId', 'SourceRegion.NotFound'),
  ImageId: imageId('The image to copy.'),
  DestinationRegionId: optional(
    string({
      description: 'Where the copy is to be; absent: the region of the image.',
      maxLength: 64,
      invalid: 'DestinationRegion.NotFound',
    }),
  ),
  DestinationImageName: imageName,
  DestinationDescription: description,
  Encrypted: optional(
    boolean({ description: 'Only false: bytes are kept as they came, nothing is encrypted.' }),
  ),
  KMSKeyId: optional(string({ description: NOT_ENCRYPTED, maxLength: 128 })),
  EncryptAlgorithm: optional(string({ description: NOT_ENCRYPTED, maxLength: 128 })),
  ResourceGroupId: resourceGroupId,
  Tag: tagList('QuotaExceed.Tags'),
  ClientToken: clientToken('InvalidClientToken.Malformed'),
  DryRun: dryRun,
  ...owners,
});
type Input = Static<typeof input>;

const REFUSALS = {
  'name-taken': 'InvalidImageName.Duplicated',
  'images-full': 'QuotaExceed.Image',
  'not-available': 'IncorrectImageStatus',
  'no-bytes': 'OperationDenied',
} as const satisfies Record<CopyRefusal, string>;

type FormFault =
  | 'InvalidImageName.Malformed'
  | 'InvalidDescription.Malformed'
  | 'InvalidParameter.EncryptedIllegal'
  | 'DestinationRegion.NotFound'
  | CreationTagFault;

/** What the schema cannot say of the values; gives region and tags of the copy. */
const checkForm = (ctx: Pick<CallContext<FormFault>, 'fail' | 'settings'>, wanted: Input) => {
  const { DestinationImageName: name, DestinationDescription: text } = wanted;
  if (name !== undefined && !isImageName(name)) throw ctx.fail('InvalidImageName.Malformed');
  if (text !== undefined && !isDescription(text)) throw ctx.fail('InvalidDescription.Malformed');
  const { Encrypted, KMSKeyId, EncryptAlgorithm } = wanted;
  if (Encrypted === true || KMSKeyId !== undefined || EncryptAlgorithm !== undefined)
    throw ctx.fail('InvalidParameter.EncryptedIllegal');
  const destination = wanted.DestinationRegionId ?? wanted.RegionId;
  if (!ctx.settings.regions.has(destination)) throw ctx.fail('DestinationRegion.NotFound');
  const tags = requireCreationTags(ctx, wanted.Tag);
  return { destinationRegionId: destination as RegionId, tags };
};

export const CopyImage = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CopyImage',
  kind: 'task',
  docs: {
    summary: 'Copies an image to a region; family and tags are not taken over.',
    notes:
      'Five copies of an account run in a region at once, the others are Waiting. Why a copy failed is told by DescribeImageFailure. Where both regions keep their bytes in one store, no byte is moved. A shared image can be copied within its region only, a published one and a public one not at all, nor one that was made from a public one (neither has bytes). A copy within its region is allowed, since Terraform and others make such copies.',
  },
  input,
  output: object({ ImageId: string() }),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    DryRunOperation: 400,
    IdempotentParameterMismatch: 400,
    'InvalidClientToken.Malformed': 400,
    'SourceRegion.NotFound': 400,
    'DestinationRegion.NotFound': 400,
    IncorrectImageStatus: 400,
    'InvalidImageName.Malformed': 400,
    'InvalidImageName.Duplicated': 400,
    'InvalidDescription.Malformed': 400,
    'InvalidParameter.EncryptedIllegal': 400,
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'OperationDenied.CommunityImage': 400,
    OperationDenied: 403,
    'OperationDenied.SameRegionOnly': 403,
    'QuotaExceed.Tags': 403,
    'QuotaExceed.Image': 403,
    'InvalidImageId.NotFound': 404,
    'InvalidResourceGroup.NotFound': 404,
  },
  cannotOccur: {
    ...because('Encryption is refused with InvalidParameter.EncryptedIllegal, whatever its form.', [
      '400 InvalidEncryptAlgorithm',
      '400 InvalidEncrypted.NotMatchEncryptAlgorithm',
      '400 InvalidEncrypted.NotMatchKmsKeyId',
      '400 InvalidParameter.KmsNotEnabled',
      '403 InvalidEncrypted.NotMatchDiskDefaultEncryption',
      '403 InvalidParameter.DataEncryptedKeyCreateFailed',
      '403 InvalidParameter.KMSKeyId.CMKNotEnabled',
      '403 InvalidParameter.KMSKeyId.CMKUnauthorized',
      '403 InvalidParameter.KMSKeyId.KMSUnauthorized',
      '403 InvalidRegionId.NotSupportEncryptAlgorithm',
      '403 OperationDeined.EncryptedSnapshot',
      '403 OperationDenied.EncryptSnapshotAcrossRegion',
      '403 OperationDenied.KmsServiceUnauthorized',
      '404 InvalidParameter.KMSKeyId.NotFound',
    ]),
    ...because('Every region here copies to every other, images of any kind and size.', [
      '403 IncorrectDestinationRegion',
      '403 InvalidOperation.CloudBoxImageCopyUnsupported',
      '403 InvalidOperation.VhdImageUnsupported',
      '403 InvalidRegion.NotSupport',
      '403 OperationDenied.NonCompliantDestinationRegion',
      '403 RegionNotSupportCopy',
      '403 SizeExceed.Image',
    ]),
    ...because('Nothing is sold here and no account is kept from a feature.', [
      '400 Account.Arrearage',
      '401 InvalidAliUid.IsNull',
      '403 Forbbiden',
      '403 UserNotInTheWhiteList',
    ]),
    ...because('An image that the caller does not see is not found.', [
      '403 OperationDenied.NotAuthorized',
      '403 OperationDenied.NotPublished',
    ]),
    ...because('Copies of one image do not hinder one another.', [
      '400 OperationDenied.ImageCopyConflict',
      '403 OperationDenied.ImageCopying',
      '409 InvalidOperation.Conflict',
    ]),
    ...because('An Available image has its snapshots; their number has no limit.', [
      '400 InvalidSnapshotId.NotFound',
      '403 InvalidSnapshot.TooOld',
      '403 QuotaExceed.Snapshot',
    ]),
    '500 InternalError':
      'Any operation answers a bug of the server with it; no request provokes it.',
  },
  access: {
    action: 'ecs:CopyImage',
    resource: ({ ImageId, DestinationRegionId }) => [
      `image/${ImageId}`,
      { resource: 'image/*', regionId: DestinationRegionId },
    ],
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ImageId: 'm-bp146shijn7hujku9exp',
      DestinationRegionId: 'cn-beijing',
      DestinationImageName: 'nightly-20261124',
    },
    response: { ImageId: 'm-2ze0f4o4gqbs8cbjhl8k' },
  },
  dryRun: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, wanted) {
    const { destinationRegionId, tags } = checkForm(ctx, wanted);
    const { caller, settings } = ctx;
    const regionId = wanted.RegionId as RegionId;
    const found = await findVisible(ctx.tx, caller, regionId, wanted.ImageId, settings);
    if (found === undefined) throw ctx.fail('InvalidImageId.NotFound');
    if (found.ownerAlias === 'system')
      throw ctx.fail('OperationDenied', {
        message: 'A public image here is metadata without bytes.',
      });
    if (found.ownerAlias === 'others') {
      if (found.image.isPublic) throw ctx.fail('OperationDenied.CommunityImage');
      if (destinationRegionId !== regionId) throw ctx.fail('OperationDenied.SameRegionOnly');
    }
    const resourceGroupId = await requireResourceGroup(ctx, wanted.ResourceGroupId);
    const imageId = ctx.newId('m-', destinationRegionId);
    const outcome = await acceptCopy(
      ctx.tx,
      {
        source: found.image,
        accountId: caller.accountId,
        destinationRegionId,
        imageId,
        newSnapshotId: () => ctx.newId('s-', destinationRegionId),
        tags,
        ...given({
          imageName: wanted.DestinationImageName,
          description: wanted.DestinationDescription,
          resourceGroupId,
        }),
      },
      settings.quotas,
    );
    if (!outcome.accepted) throw ctx.fail(REFUSALS[outcome.refusal], whyRefused(outcome));
    return { ImageId: imageId };
  },
});

const whyRefused = ({ refusal }: { refusal: CopyRefusal }) =>
  refusal === 'no-bytes' ? { message: NO_BYTES } : {};
