import { boolean, object, optional } from '../../lib/schema.ts';
import { detachDisk } from '../../domain/disk-lifecycle.ts';
import { isSettled } from '../../domain/instance.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireDisk } from './shared/disk-by-id.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';
import { diskId, instanceId } from './shared/record-by-id.ts';

export const DetachDisk = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DetachDisk',
  kind: 'write',
  docs: {
    summary: 'Detaches a data disk from its instance, as records; no machine loses it.',
    notes: 'It is Available at once.',
  },
  input: object({
    InstanceId: instanceId(),
    DiskId: diskId,
    RegionId: ownRegion,
    DeleteWithInstance: optional(
      boolean({ withoutEffect: 'A disk that is attached to nothing goes with nothing.' }),
    ),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    DependencyViolation: 403,
    DiskNotPortable: 403,
    IncorrectInstanceStatus: 403,
    'InvalidDiskId.NotFound': 404,
    'InvalidInstanceId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:DetachDisk',
    resource: ({ InstanceId, DiskId }) => [`instance/${InstanceId}`, `disk/${DiskId}`],
  },
  example: {
    request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp', DiskId: 'd-bp131n0q38u3a4zi3kqd' },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const instance = await requireInstance(ctx, input);
    const disk = await requireDisk(ctx, { DiskId: input.DiskId, RegionId: instance.regionId });
    if (disk.parentId !== instance.resourceId)
      throw ctx.fail('DependencyViolation', {
        message: 'The disk is not attached to the instance.',
      });
    if (disk.detail.diskType === 'system') throw ctx.fail('DiskNotPortable');
    if (!isSettled(instance)) throw ctx.fail('IncorrectInstanceStatus');
    await detachDisk(ctx.tx, disk);
    return {};
  },
});
