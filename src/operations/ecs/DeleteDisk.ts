import { object } from '../../lib/schema.ts';
import { removeDisk } from '../../domain/disk-lifecycle.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireDisk } from './shared/disk-by-id.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';
import { diskId } from './shared/record-by-id.ts';

export const DeleteDisk = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteDisk',
  kind: 'write',
  docs: {
    summary: 'Deletes the record of a disk that is attached to nothing; no machine had it.',
    notes: 'Snapshots of it stay and hold their bytes by themselves.',
  },
  input: object({ DiskId: diskId, RegionId: ownRegion, ...owners }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    IncorrectDiskStatus: 403,
    'InvalidDiskId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DeleteDisk', resource: ({ DiskId }) => `disk/${DiskId}` },
  example: { request: { DiskId: 'd-bp131n0q38u3a4zi3kqd' }, response: {} },
  recordsOnly: true,
  async handler(ctx, input) {
    const disk = await requireDisk(ctx, input);
    if (disk.status !== 'Available') throw ctx.fail('IncorrectDiskStatus');
    await removeDisk(ctx.tx, disk);
    return {};
  },
});
