// Takes a snapshot of a disk. No machine ever wrote to the disk, so that the snapshot names the bytes that
// the disk was made from, or none; it is accomplished at once.
import { boolean, choice, integer, object, optional, string } from '../../lib/schema.ts';
import { toInstance, isSettled } from '../../domain/instance.ts';
import type { Disk } from '../../domain/disk.ts';
import { takeSnapshot } from '../../domain/disk-lifecycle.ts';
import { isDescription, isSnapshotName } from '../../domain/naming.ts';
import { defineOperation, type ReadContext } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { because } from './shared/because.ts';
import { requireCreationTags } from './shared/creation-tags.ts';
import { requireDisk } from './shared/disk-by-id.ts';
import { given } from './shared/given.ts';
import { requireResourceGroup, resourceGroupId } from './shared/resource-group.ts';
import { NEVER_INTERNAL, noMachine } from './shared/no-machine.ts';
import { clientToken, ECS_VERSION, owners, tagList } from './shared/parameters.ts';
import { diskId } from './shared/record-by-id.ts';

const CATEGORIES = ['Standard', 'Flash', 'standard', 'flash'] as const;
const NO_ACCESS =
  'The vendor gives it to every snapshot today; here bytes are read where they lie.';

export const CreateSnapshot = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateSnapshot',
  kind: 'write',
  docs: {
    summary: 'Takes a snapshot of a disk, which holds the bytes that the disk was made from.',
    notes:
      'No machine runs and writes, so that no byte is copied: the snapshot refers to the same digest and is accomplished at once. A disk without bytes (blank, or the system disk of a public image) gives a snapshot without bytes: `FullSnapshotSizeInBytes` is 0, images can be made from it, nothing can be read or exported of it, and an image whose system disk it is belongs to no family. As in the cloud the disk must be attached, or have been attached once.',
  },
  input: object({
    DiskId: diskId,
    RegionId: ownRegion,
    SnapshotName: optional(
      string({
        description: '2 to 128 characters, a letter first; not `auto…`. Default: the id.',
        maxLength: 128,
        invalid: 'InvalidSnapshotName.Malformed',
      }),
    ),
    Description: optional(string({ maxLength: 256, invalid: 'InvalidDescription.Malformed' })),
    RetentionDays: optional(
      integer({
        description: 'Kept and shown, 1 to 65536; nothing is deleted by itself.',
        minimum: 1,
        maximum: 65_536,
        invalid: 'InvalidRetentionDays.Malformed',
      }),
    ),
    Category: optional(
      choice(CATEGORIES, { description: 'A label.', invalid: 'InvalidSnapshotCategory.Malformed' }),
    ),
    InstantAccess: optional(boolean({ withoutEffect: NO_ACCESS })),
    InstantAccessRetentionDays: optional(
      integer({
        withoutEffect: NO_ACCESS,
        minimum: 1,
        maximum: 65_535,
        invalid: 'InvalidInstantAccessRetentionDays.Malformed',
      }),
    ),
    StorageLocationArn: optional(string({ withoutEffect: 'No CloudBox exists here.' })),
    ResourceGroupId: resourceGroupId,
    Tag: tagList('QuotaExceed.Tags'),
    ClientToken: clientToken('InvalidClientToken.Malformed'),
    ...owners,
  }),
  output: object({ SnapshotId: string() }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidSnapshotName.Malformed': 400,
    'InvalidRetentionDays.Malformed': 400,
    IncorrectInstanceStatus: 400,
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    IdempotentParameterMismatch: 403,
    'InvalidClientToken.Malformed': 403,
    'InvalidSnapshotCategory.Malformed': 403,
    'InvalidInstantAccessRetentionDays.Malformed': 403,
    'IncorrectDiskStatus.NeverAttached': 403,
    'QuotaExceed.SnapshotQuota': 403,
    'QuotaExceed.Tags': 403,
    'InvalidDescription.Malformed': 404,
    'InvalidDiskId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
    'InvalidResourceGroup.NotFound': 404,
  },
  cannotOccur: {
    ...noMachine(
      '400 CreateSnapshot.Failed',
      '400 DiskCategory.OperationNotSupported',
      '403 DiskId.ValueNotSupported',
      '403 DiskInArrears',
      '403 IncorrectDiskStatus',
      '403 IncorrectDiskStatus.Invalid',
      '403 IncorrectDiskStatus.NeverUsed',
      '403 IncorrectDiskStatus.Transferring',
      '403 IncorrectDiskType.NotSupport',
      '403 IncorrectVolumeStatus',
      '403 InstanceLockedForSecurity',
      '403 InvalidAccountStatus.NotEnoughBalance',
      '403 InvalidAccountStatus.SnapshotServiceUnavailable',
      '404 InvalidInstanceId.NotFound',
      '404 InvalidVolumeId.NotFound',
    ),
    ...because('A snapshot is accomplished at once: none is under way when a call is made.', [
      '403 DISK_HAS_CREATING_SNAPSHOT',
      '403 IncorrectDiskStatus.CreatingSnapshot',
      '403 QuotaExceed.ConcurrentSnapshotQuota',
    ]),
    ...because('Nothing is encrypted here.', [
      '403 InvalidParameter.KMSKeyId.CMKNotEnabled',
      '403 InvalidParameter.KMSKeyId.CMKUnauthorized',
      '403 InvalidParameter.KMSKeyId.KMSUnauthorized',
    ]),
    '403 IdempotentProcessing':
      'The first call with a token has ended or has left nothing when a second is looked at.',
    '403 InvalidAction.Unauthorized': 'It is answered with NoPermission, before any operation.',
    '403 QuotaExceed.Snapshot': 'The number of snapshots is bounded by disk.',
    '403 Throttling': 'No operation is throttled by itself.',
    ...NEVER_INTERNAL,
  },
  access: {
    action: 'ecs:CreateSnapshot',
    resource: ({ DiskId }) => [`disk/${DiskId}`, 'snapshot/*'],
  },
  example: {
    request: { DiskId: 'd-bp131n0q38u3a4zi3kqd', SnapshotName: 'before-upgrade' },
    response: { SnapshotId: 's-bp17441ohwkdca0qmxfa' },
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const { SnapshotName, Description } = input;
    if (SnapshotName !== undefined && !isSnapshotName(SnapshotName))
      throw ctx.fail('InvalidSnapshotName.Malformed');
    if (Description !== undefined && !isDescription(Description))
      throw ctx.fail('InvalidDescription.Malformed');
    const tags = requireCreationTags(ctx, input.Tag);
    const disk = await requireDisk(ctx, input);
    await requireUsed(ctx, disk);
    const filter = { sourceDiskIds: [disk.resourceId] };
    const { total } = await ctx.tx.snapshots(disk, filter, { limit: 0, offset: 0 });
    if (total >= ctx.settings.quotas.snapshotsPerDisk) throw ctx.fail('QuotaExceed.SnapshotQuota');
    const snapshotId = ctx.newId('s-', disk.regionId);
    await takeSnapshot(
      ctx.tx,
      disk,
      {
        snapshotId,
        snapshotName: SnapshotName ?? snapshotId,
        description: Description ?? '',
        ...given({
          retentionDays: input.RetentionDays,
          category: input.Category?.toLowerCase(),
          resourceGroupId: await requireResourceGroup(ctx, input.ResourceGroupId),
        }),
      },
      tags,
    );
    return { SnapshotId: snapshotId };
  },
});

/** Attached to an instance that is Running or Stopped, or once attached. */
const requireUsed = async (
  ctx: Pick<
    ReadContext<'IncorrectDiskStatus.NeverAttached' | 'IncorrectInstanceStatus'>,
    'tx' | 'nowMs' | 'fail'
  >,
  disk: Disk,
): Promise<void> => {
  if (disk.detail.attachedMs === 0) throw ctx.fail('IncorrectDiskStatus.NeverAttached');
  if (disk.parentId === '') return;
  const instance = await ctx.tx.resource(disk, 'instance', disk.parentId, ctx.nowMs);
  if (instance !== undefined && !isSettled(toInstance(instance)))
    throw ctx.fail('IncorrectInstanceStatus');
};
