import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import type { DiskDetail } from '../../domain/disk.ts';
import { isDescription, isResourceName } from '../../domain/naming.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireDisk } from './shared/disk-by-id.ts';
import { given } from './shared/given.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';

const MAX_DISKS = 100;

export const ModifyDiskAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifyDiskAttribute',
  kind: 'write',
  docs: {
    summary: 'Changes name, description and what becomes of disks; records, no machine has them.',
  },
  input: object({
    DiskId: optional(string({ description: 'This or DiskIds.', maxLength: 128 })),
    DiskIds: optional(
      list(string({ maxLength: 128 }), {
        description: 'Ids, N from 1 to 100.',
        maxItems: MAX_DISKS,
        tooMany: 'InvalidParameter',
      }),
    ),
    RegionId: ownRegion,
    DiskName: optional(string({ maxLength: 128, invalid: 'InvalidDiskName.Malformed' })),
    Description: optional(string({ maxLength: 256, invalid: 'InvalidDescription.Malformed' })),
    DeleteWithInstance: optional(boolean()),
    DeleteAutoSnapshot: optional(boolean({ description: 'Kept and shown.' })),
    EnableAutoSnapshot: optional(boolean({ withoutEffect: 'No snapshot policies exist here.' })),
    BurstingEnabled: optional(boolean({ withoutEffect: 'No storage stands behind a disk here.' })),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidDiskName.Malformed': 400,
    'InvalidDescription.Malformed': 400,
    'InvalidDiskId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:ModifyDiskAttribute', resource: ({ DiskId = '*' }) => `disk/${DiskId}` },
  example: {
    request: { DiskId: 'd-bp131n0q38u3a4zi3kqd', DiskName: 'data-1' },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { DiskId, DiskIds, RegionId, DiskName, Description } = input;
    const ids = DiskIds ?? (DiskId === undefined ? [] : [DiskId]);
    if (ids.length === 0) throw ctx.fail('MissingParameter', { parameter: 'DiskId' });
    if (DiskName !== undefined && !isResourceName(DiskName))
      throw ctx.fail('InvalidDiskName.Malformed', { parameter: 'DiskName' });
    if (Description !== undefined && !isDescription(Description))
      throw ctx.fail('InvalidDescription.Malformed');
    const changed: Partial<DiskDetail> = given({
      description: Description,
      deleteWithInstance: input.DeleteWithInstance,
      deleteAutoSnapshot: input.DeleteAutoSnapshot,
    });
    for (const id of new Set(ids)) {
      const disk = await requireDisk(ctx, { DiskId: id, ...given({ RegionId }) });
      await ctx.tx.updateResource(id, {
        detail: { ...disk.detail, ...changed },
        ...given({ resourceName: DiskName }),
      });
    }
    return {};
  },
});
