import { boolean, choice, integer, object, optional, string } from '../../lib/schema.ts';
import { holdsUnknown, UNKNOWN_DATA } from '../../domain/bytes.ts';
import { DISK_CATEGORIES, levelOf, MAX_DISK_GIB, PLAIN_DISK } from '../../domain/disk.ts';
import { acceptDisk } from '../../domain/disk-lifecycle.ts';
import type { RegionId } from '../../domain/ids.ts';
import { isDescription, isResourceName } from '../../domain/naming.ts';
import { zonesOf } from '../../domain/region.ts';
import type { Scope } from '../../domain/tx.ts';
import { defineOperation, type ReadContext } from '../../operation.ts';
import { requireCreationTags } from './shared/creation-tags.ts';
import { requireResourceGroup, resourceGroupId as groupId } from './shared/resource-group.ts';
import { asksForEncryption } from './shared/instance-form.ts';
import { bytesOf } from './shared/instance-disks.ts';
import { performanceLevel } from './shared/instance-parameters.ts';
import { flag, text, whole } from './shared/instance-without-effect.ts';
import {
  clientToken,
  ECS_VERSION,
  NOT_ENCRYPTED,
  owners,
  regionId,
  tagList,
} from './shared/parameters.ts';

const BLANK_GIB = 20;

export const CreateDisk = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateDisk',
  kind: 'write',
  docs: {
    summary: 'Makes the record of a data disk, blank or from a snapshot; no machine writes to it.',
    notes:
      'A disk from a snapshot holds its bytes by reference, also when the snapshot is deleted. It is Available at once.',
  },
  input: object({
    RegionId: regionId(),
    ZoneId: optional(
      string({ description: 'Default: the first zone of the region.', maxLength: 64 }),
    ),
    SnapshotId: optional(string({ description: 'Absent: a blank disk.', maxLength: 128 })),
    Size: optional(
      integer({
        description: 'GiB, at least the snapshot. Default: the snapshot, else 20.',
        minimum: 1,
        maximum: MAX_DISK_GIB,
        invalid: 'InvalidDataDiskSize.ValueNotSupported',
      }),
    ),
    DiskName: optional(string({ maxLength: 128, invalid: 'InvalidDiskName.Malformed' })),
    Description: optional(string({ maxLength: 256, invalid: 'InvalidDescription.Malformed' })),
    DiskCategory: optional(
      choice(DISK_CATEGORIES, {
        description: 'Default: cloud.',
        invalid: 'InvalidDiskCategory.ValueNotSupported',
      }),
    ),
    PerformanceLevel: performanceLevel,
    Encrypted: optional(boolean({ description: 'Only false: bytes are kept as they came.' })),
    KMSKeyId: optional(string({ description: NOT_ENCRYPTED, maxLength: 128 })),
    EncryptAlgorithm: optional(string({ description: NOT_ENCRYPTED, maxLength: 64 })),
    InstanceId: optional(
      string({
        description:
          'Refused with `InvalidParameter`: use AttachDisk. The vendor takes it with PrePaid only.',
      }),
    ),
    MultiAttach: optional(
      choice(['Disabled'], {
        withoutEffect: 'Disabled is its only value: a disk is attached to one instance at most.',
      }),
    ),
    AdvancedFeatures: text(),
    BurstingEnabled: flag(),
    ProvisionedIops: whole(),
    StorageClusterId: text(),
    StorageSetId: text(),
    StorageSetPartitionNumber: whole(),
    ResourceGroupId: groupId,
    Tag: tagList('QuotaExceed.Tags'),
    ClientToken: clientToken('InvalidClientToken.Malformed'),
    ...owners,
  }),
  output: object({ DiskId: string() }),
  errors: {
    MissingRegionId: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    'InvalidClientToken.Malformed': 400,
    'InvalidParameter.EncryptedIllegal': 400,
    'InvalidDataDiskSize.ValueNotSupported': 400,
    'InvalidDiskName.Malformed': 400,
    'InvalidDescription.Malformed': 400,
    'InvalidDiskCategory.ValueNotSupported': 400,
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'InvalidDiskSize.TooSmall': 403,
    'InvalidSnapshotId.NotReady': 403,
    OperationDenied: 403,
    'QuotaExceed.PostPaidDisk': 403,
    'QuotaExceed.Tags': 403,
    'InvalidRegionId.NotFound': 404,
    'InvalidZoneId.NotFound': 404,
    'InvalidSnapshotId.NotFound': 404,
    'InvalidResourceGroup.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:CreateDisk',
    resource: ({ SnapshotId }) => [
      'disk/*',
      ...(SnapshotId === undefined ? [] : [`snapshot/${SnapshotId}`]),
    ],
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ZoneId: 'cn-hangzhou-a', Size: '40' },
    response: { DiskId: 'd-bp131n0q38u3a4zi3kqd' },
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const { DiskName, Description, DiskCategory: category = 'cloud', SnapshotId } = input;
    if (input.InstanceId !== undefined)
      throw ctx.fail('InvalidParameter', { parameter: 'InstanceId' });
    if (DiskName !== undefined && !isResourceName(DiskName))
      throw ctx.fail('InvalidDiskName.Malformed', { parameter: 'DiskName' });
    if (Description !== undefined && !isDescription(Description))
      throw ctx.fail('InvalidDescription.Malformed');
    if (asksForEncryption(input)) throw ctx.fail('InvalidParameter.EncryptedIllegal');
    const tags = requireCreationTags(ctx, input.Tag);
    const region = ctx.settings.regions.get(scope.regionId);
    const zones = region === undefined ? [] : zonesOf(region);
    const { ZoneId: zoneId = zones[0] ?? '' } = input;
    if (!zones.includes(zoneId)) throw ctx.fail('InvalidZoneId.NotFound');
    const snapshot =
      SnapshotId === undefined ? undefined : await findSource(ctx, scope, SnapshotId);
    const sizeGib = input.Size ?? snapshot?.sizeGib ?? BLANK_GIB;
    if (sizeGib < (snapshot?.sizeGib ?? 0)) throw ctx.fail('InvalidDiskSize.TooSmall');
    const resourceGroupId = await requireResourceGroup(ctx, input.ResourceGroupId);
    const page = { limit: 0, offset: 0 };
    const { total } = await ctx.tx.resources(scope, { resourceType: 'disk' }, page, ctx.nowMs);
    if (total >= ctx.settings.quotas.disksPerRegion) throw ctx.fail('QuotaExceed.PostPaidDisk');
    const diskId = ctx.newId('d-', scope.regionId);
    await acceptDisk(
      ctx.tx,
      {
        ...scope,
        diskId,
        diskName: DiskName ?? '',
        instanceId: '',
        resourceGroupId,
        detail: {
          ...PLAIN_DISK,
          ...bytesOf(snapshot),
          description: Description ?? '',
          category,
          performanceLevel: levelOf(category, input.PerformanceLevel),
          sizeGib,
          zoneId,
          sourceSnapshotId: SnapshotId ?? '',
        },
      },
      tags,
    );
    return { DiskId: diskId };
  },
});

type SourceFault = 'InvalidSnapshotId.NotFound' | 'InvalidSnapshotId.NotReady' | 'OperationDenied';

const findSource = async (
  ctx: Pick<ReadContext<SourceFault>, 'tx' | 'fail'>,
  scope: Scope,
  snapshotId: string,
) => {
  const parameter = 'SnapshotId';
  const snapshot = await ctx.tx.snapshot(scope, snapshotId);
  if (snapshot === undefined) throw ctx.fail('InvalidSnapshotId.NotFound', { parameter });
  if (snapshot.status !== 'accomplished')
    throw ctx.fail('InvalidSnapshotId.NotReady', { parameter });
  if (holdsUnknown(snapshot)) throw ctx.fail('OperationDenied', { message: UNKNOWN_DATA });
  return snapshot;
};
