import { boolean, object, optional, string } from '../../lib/schema.ts';
import { MAX_DATA_DISKS } from '../../domain/disk.ts';
import { attachDisk, disksOf } from '../../domain/disk-lifecycle.ts';
import { isSettled } from '../../domain/instance.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireDisk } from './shared/disk-by-id.ts';
import { assignDevices } from './shared/disk-devices.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';
import { diskId, instanceId } from './shared/record-by-id.ts';

export const AttachDisk = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'AttachDisk',
  kind: 'write',
  docs: {
    summary: 'Attaches a data disk to an instance, as records; no machine sees it.',
    notes: 'It is In_use at once. Disk and instance must be in one zone.',
  },
  input: object({
    InstanceId: instanceId(),
    DiskId: diskId,
    RegionId: ownRegion,
    Device: optional(
      string({
        description: '/dev/xvdb to /dev/xvdz; default: the next free one.',
        pattern: '^/dev/xvd[b-z]$',
        invalid: 'InvalidDevice.Malformed',
      }),
    ),
    DeleteWithInstance: optional(boolean({ default: false })),
    Bootable: optional(boolean({ description: 'Only false: use ReplaceSystemDisk.' })),
    Force: optional(boolean({ withoutEffect: 'A disk is attached to one instance at most.' })),
    KeyPairName: optional(string({ withoutEffect: 'It goes with Bootable.' })),
    Password: optional(string({ withoutEffect: 'It goes with Bootable.' })),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidDevice.InUse': 400,
    'InvalidDevice.Malformed': 400,
    InstanceDiskLimitExceeded: 403,
    IncorrectDiskStatus: 403,
    IncorrectInstanceStatus: 403,
    ResourcesNotInSameZone: 403,
    'InvalidDiskId.NotFound': 404,
    'InvalidInstanceId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:AttachDisk',
    resource: ({ InstanceId, DiskId }) => [`instance/${InstanceId}`, `disk/${DiskId}`],
  },
  example: {
    request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp', DiskId: 'd-bp131n0q38u3a4zi3kqd' },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    if (input.Bootable === true) throw ctx.fail('InvalidParameter', { parameter: 'Bootable' });
    const instance = await requireInstance(ctx, input);
    const disk = await requireDisk(ctx, { DiskId: input.DiskId, RegionId: instance.regionId });
    if (!isSettled(instance)) throw ctx.fail('IncorrectInstanceStatus');
    if (disk.status !== 'Available') throw ctx.fail('IncorrectDiskStatus');
    if (disk.detail.zoneId !== instance.detail.zoneId) throw ctx.fail('ResourcesNotInSameZone');
    const attached = await disksOf(ctx.tx, instance, instance.resourceId, ctx.nowMs);
    if (attached.length > MAX_DATA_DISKS) throw ctx.fail('InstanceDiskLimitExceeded');
    const assigned = assignDevices([
      ...attached.map(({ detail }) => detail),
      { diskType: 'data', device: input.Device },
    ]);
    if ('refusal' in assigned) throw ctx.fail('InvalidDevice.InUse', { parameter: 'Device' });
    await attachDisk(ctx.tx, disk, {
      instanceId: instance.resourceId,
      device: assigned.devices.at(-1) ?? '',
      deleteWithInstance: input.DeleteWithInstance ?? false,
    });
    return {};
  },
});
