// Makes an image out of snapshots that the account holds, or out of new ones of the disks of an instance. No
// bytes are copied: the image refers to the snapshots. It is accepted as Creating with a job beside it, and
// the job makes it Available.
import { NO_BYTES } from '../../domain/bytes.ts';
import type { ImageId, RegionId } from '../../domain/ids.ts';
import { acceptImage, type AcceptRefusal } from '../../domain/image-lifecycle.ts';
import type { Scope } from '../../domain/tx.ts';
import { object, string, type Static } from '../../lib/schema.ts';
import { defineOperation, type WriteContext } from '../../operation.ts';
import { because } from './shared/because.ts';
import { bootModeFits } from './shared/boot-mode.ts';
import {
  checkCreateImage,
  createImageDraft,
  createImageInput,
  wantedDisks,
} from './shared/create-image-request.ts';
import { ECS_VERSION } from './shared/parameters.ts';
import { requireResourceGroup } from './shared/resource-group.ts';
import { snapshotDisks, type DiskFault } from './shared/snapshot-disks.ts';
import { snapshotInstance, type InstanceSnapshotFault } from './shared/instance-snapshots.ts';
import { sourceOf } from './shared/source-image.ts';

const REFUSALS = {
  'name-taken': 'InvalidImageName.Duplicated',
  'images-full': 'QuotaExceed.Image',
  'family-full': 'ImageQuotaExceed.ImageFamily',
  'families-full': 'ImageFamilyQuotaExceed',
  'no-bytes': 'OperationDenied',
} as const satisfies Record<AcceptRefusal, string>;

const errors = {
  MissingRegionId: 400,
  MissingParameter: 400,
  InvalidParameter: 400,
  DryRunOperation: 400,
  IdempotenceParamNotMatch: 400,
  'InvalidImageName.Malformed': 400,
  'InvalidImageName.Duplicated': 400,
  'InvalidImageFamily.Malformed': 400,
  'ImageQuotaExceed.ImageFamily': 400,
  ImageFamilyQuotaExceed: 400,
  'InvalidImageVersion.Malformed': 400,
  'InvalidDescription.Malformed': 400,
  'InvalidPlatform.Malformed': 400,
  'InvalidArchitecture.Malformed': 400,
  'InvalidBootMode.NotSupport': 400,
  'InvalidParameter.FeaturesImdsSupport': 400,
  'InvalidDevice.InUse': 400,
  'InvalidDevice.Malformed': 400,
  'InvalidDiskType.ValueNotSupported': 400,
  'InvalidSize.ValueNotSupported': 400,
  OperationDenied: 400,
  IncorrectInstanceStatus: 400,
  'Duplicate.TagKey': 400,
  'InvalidTagKey.Malformed': 400,
  'InvalidTagValue.Malformed': 400,
  'InvalidSnapshotId.NotReady': 403,
  'InvalidSystemSnapshot.Missing': 403,
  'QuotaExceed.Image': 403,
  'QuotaExceed.Snapshot': 403,
  'QuotaExceed.Tags': 403,
  'InvalidInstanceId.NotFound': 404,
  'InvalidRegionId.NotFound': 404,
  'InvalidResourceGroup.NotFound': 404,
  'InvalidSnapshotId.NotFound': 404,
};

export const CreateImage = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateImage',
  kind: 'task',
  docs: {
    summary:
      'Makes a custom image from an instance, a snapshot of a system disk or several snapshots.',
    notes:
      'The image is answered as Creating and is Available moments later: no bytes are copied, and the snapshots cannot be deleted while it exists. InstanceId goes before DiskDeviceMapping, and that before SnapshotId; the others are ignored. From an instance every disk gets a new snapshot, which refers to the bytes that the disk was made from, since no machine ran. Where these are not here (an instance of a public image), the image is Available and instances can be made from it, but it has no bytes: it cannot be copied or read, and asking for an ImageFamily is refused with OperationDenied.',
  },
  input: createImageInput,
  output: object({ ImageId: string() }),
  errors,
  cannotOccur: {
    ...because('An instance is a record: nothing of it is locked, hibernated, broken or moved.', [
      '400 InstanceLockedForSecurity',
      '400 InvalidDiskCategory.CreateImage',
      '400 InvalidInstance.NotFoundSystemDisk',
      '400 InvalidOperation.DiskCategoryUnsupported',
      '403 HibernationConfigured.InstanceOperationForbidden',
      '403 IncorrectDiskStatus',
      '403 IncorrectDiskStatus.CreatingSnapshot',
      '403 IncorrectDiskStatus.Invalid',
      '403 IncorrectDiskStatus.NeverAttached',
      '403 IncorrectDiskStatus.Transferring',
      '403 IncorrectInstanceStatus.NeedRestart',
    ]),
    ...because('Snapshots of disks are accomplished at once.', [
      '403 QuotaExceed.ConcurrentSnapshotQuota',
      '403 TooManySnapshot.Unfinished',
    ]),
    ...because('Snapshots have one category and one place, and none is encrypted.', [
      '403 InvalidOperation.SnapshotStorageLocationUnsupported',
      '403 InvalidParameter.KMSKeyId.CMKNotEnabled',
      '403 InvalidParameter.KMSKeyId.CMKUnauthorized',
      '403 InvalidParameter.KMSKeyId.KMSUnauthorized',
      '403 InvalidSnapshotCategory.NotSupportImageCreation',
      '403 OperationDenied.InvalidSnapshotCategory',
    ]),
    ...because('Nothing is sold here and no account is kept from a feature.', [
      '400 AccountForbidden.CreateOrder',
      '403 InvalidAccountStatus.NotEnoughBalance',
      '403 InvalidAccountStatus.SnapshotServiceUnavailable',
      '403 UserNotInTheWhiteList',
    ]),
    '400 InvalidParameter.AllEmpty':
      'A request without a source is answered with MissingParameter.',
    '400 InvalidParameter.DiskType':
      'A wrong DiskType is answered with InvalidDiskType.ValueNotSupported.',
    '403 IdempotentProcessing':
      'The first call with a token has ended or has left nothing when a second is looked at.',
    '403 InvalidParamter.Conflict':
      'Other parameters under one token are answered with IdempotenceParamNotMatch.',
    '403 InvalidSnapshot.TooOld': 'No snapshot here is of 2013.',
    '403 OperationDenied':
      'The snapshot of a data disk alone is answered with InvalidSystemSnapshot.Missing.',
    '403 SnapshotNotReady': 'An unfinished snapshot is answered with InvalidSnapshotId.NotReady.',
    '500 InternalError':
      'Any operation answers a bug of the server with it; no request provokes it.',
  },
  access: {
    action: 'ecs:CreateImage',
    resource: ({ ImageFamily, InstanceId, SnapshotId, DiskDeviceMapping = [] }) => [
      { resource: 'image/*', imageFamily: ImageFamily },
      ...(InstanceId === undefined ? [] : [`instance/${InstanceId}`]),
      ...[SnapshotId, ...[DiskDeviceMapping].flat().map((disk) => disk.SnapshotId)]
        .filter((id) => id !== undefined)
        .map((id) => `snapshot/${id}`),
    ],
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      SnapshotId: 's-bp17441ohwkdca0qmxfa',
      ImageName: 'nightly-20261124',
      ImageFamily: 'hangzhou-daily-update',
    },
    response: { ImageId: 'm-bp146shijn7hujku9exp' },
  },
  dryRun: true,
  idempotency: { mismatch: 'IdempotenceParamNotMatch' },
  async handler(ctx, wanted) {
    const scope = { accountId: ctx.caller.accountId, regionId: wanted.RegionId as RegionId };
    const tags = checkCreateImage(ctx, wanted);
    const imageId = ctx.newId('m-', scope.regionId);
    const { disks, source } = await findSource(ctx, scope, wanted, imageId);
    const resourceGroupId = await requireResourceGroup(ctx, wanted.ResourceGroupId);
    const image = createImageDraft(scope, imageId, wanted, disks, source);
    const draft = { ...image, resourceGroupId };
    if (!bootModeFits(draft)) throw ctx.fail('InvalidBootMode.NotSupport');
    const { quotas } = ctx.settings;
    const outcome = await acceptImage(ctx.tx, draft, disks, tags, 'Creating', quotas);
    if (!outcome.accepted)
      throw ctx.fail(
        REFUSALS[outcome.refusal],
        outcome.refusal === 'no-bytes' ? { message: NO_BYTES } : {},
      );
    await ctx.tx.insertJob({
      ...scope,
      jobId: `CreateImage:${imageId}`,
      kind: 'CreateImage',
      imageId,
      taskId: null,
      step: 'finish',
      state: '{}',
      status: 'ready',
      attempts: 0,
      creationMs: ctx.nowMs,
    });
    return { ImageId: imageId };
  },
});

type Context = WriteContext<DiskFault | InstanceSnapshotFault | 'MissingParameter'>;

/** The disks of the image, and what it takes over: of the instance, of the mapping or of the snapshot. */
const findSource = async (
  ctx: Context,
  scope: Scope,
  wanted: Static<typeof createImageInput>,
  imageId: ImageId,
) => {
  if (wanted.InstanceId !== undefined) {
    const { disks, traits } = await snapshotInstance(ctx, scope, wanted.InstanceId, imageId);
    return { disks, source: traits };
  }
  const sources = wantedDisks(wanted);
  if (sources === undefined) throw ctx.fail('MissingParameter', { parameter: 'SnapshotId' });
  const disks = await snapshotDisks(ctx, scope, sources);
  const found = await sourceOf(ctx.tx, scope, disks[0]?.snapshotId ?? '', ctx.nowMs);
  return { disks, source: found && { ...found, imdsSupport: 'v1' } };
};
