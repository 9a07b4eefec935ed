import { eipOf } from '../../domain/eip.ts';
import { removeResource } from '../../domain/resource-lifecycle.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { allocationId } from './shared/eip-parameters.ts';
import { findById } from './shared/find-by-id.ts';
import { anyRegionId } from './shared/network-parameters.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';

export const ReleaseEipAddress = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ReleaseEipAddress',
  kind: 'write',
  docs: { summary: 'Gives an elastic address back that no instance has.' },
  input: object({ RegionId: anyRegionId, AllocationId: allocationId, ...owners }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    IncorrectEipStatus: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidAllocationId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'vpc:ReleaseEipAddress',
    resource: ({ AllocationId }) => `eip/${AllocationId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', AllocationId: 'eip-bp1ejhb4r1lyu55t0abc' },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, { RegionId, AllocationId }) {
    const eip = await findById(ctx, RegionId, AllocationId, (scope) =>
      eipOf(ctx.tx, scope, AllocationId, ctx.nowMs),
    );
    if (eip === undefined) throw ctx.fail('InvalidAllocationId.NotFound');
    if (eip.status !== 'Available') throw ctx.fail('IncorrectEipStatus');
    await removeResource(ctx.tx, eip);
    return {};
  },
});
