import { choice, integer, object, optional } from '../../lib/schema.ts';
import { MAX_DISK_GIB } from '../../domain/disk.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireDisk } from './shared/disk-by-id.ts';
import { clientToken, ECS_VERSION, owners } from './shared/parameters.ts';
import { diskId } from './shared/record-by-id.ts';

export const ResizeDisk = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ResizeDisk',
  kind: 'write',
  docs: {
    summary: 'Makes the record of a disk larger; its bytes stay as they are, no machine writes.',
  },
  input: object({
    DiskId: diskId,
    RegionId: ownRegion,
    NewSize: integer({
      description: 'GiB, more than it has.',
      missing: 'MissingParameter',
      minimum: 1,
      maximum: MAX_DISK_GIB,
      invalid: 'InvalidDataDiskSize.ValueNotSupported',
    }),
    Type: optional(
      choice(['offline', 'online'], { withoutEffect: 'No machine has to be restarted.' }),
    ),
    ClientToken: clientToken('InvalidClientToken.Malformed'),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    'InvalidClientToken.Malformed': 400,
    'InvalidDataDiskSize.ValueNotSupported': 400,
    'InvalidDiskSize.TooSmall': 400,
    'InvalidDiskId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:ResizeDisk', resource: ({ DiskId }) => `disk/${DiskId}` },
  example: { request: { DiskId: 'd-bp131n0q38u3a4zi3kqd', NewSize: '80' }, response: {} },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const disk = await requireDisk(ctx, input);
    if (input.NewSize <= disk.detail.sizeGib)
      throw ctx.fail('InvalidDiskSize.TooSmall', {
        message: 'NewSize must be more than the disk has.',
      });
    await ctx.tx.updateResource(disk.resourceId, {
      detail: { ...disk.detail, sizeGib: input.NewSize },
    });
    return {};
  },
});
