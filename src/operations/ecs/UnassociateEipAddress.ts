import { eipOf, moveEip } from '../../domain/eip.ts';
import { boolean, choice, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { allocationId, ECS_INSTANCE } from './shared/eip-parameters.ts';
import { findById } from './shared/find-by-id.ts';
import { anyRegionId } from './shared/network-parameters.ts';
import { clientToken, ECS_VERSION, owners } from './shared/parameters.ts';

export const UnassociateEipAddress = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'UnassociateEipAddress',
  kind: 'write',
  docs: {
    summary: 'Takes an elastic address away from its instance.',
    notes: 'It is Unassociating for half a second, then Available.',
  },
  input: object({
    RegionId: anyRegionId,
    AllocationId: allocationId,
    InstanceId: optional(
      string({
        description: 'The instance that has it; another one is refused.',
        maxLength: 128,
        invalid: 'InvalidInstanceId.NotFound',
      }),
    ),
    InstanceType: optional(
      choice([ECS_INSTANCE], {
        withoutEffect: 'EcsInstance is the only value taken.',
        invalid: 'InvalidParameter',
      }),
    ),
    Force: optional(boolean({ withoutEffect: 'It is for gateways, of which there are none.' })),
    ClientToken: clientToken(),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    IncorrectEipStatus: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidAllocationId.NotFound': 404,
    'InvalidInstanceId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'vpc:UnassociateEipAddress',
    resource: ({ AllocationId }) => `eip/${AllocationId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', AllocationId: 'eip-bp1ejhb4r1lyu55t0abc' },
    response: {},
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, { RegionId, AllocationId, InstanceId }) {
    const { tx, nowMs } = ctx;
    const eip = await findById(ctx, RegionId, AllocationId, (scope) =>
      eipOf(tx, scope, AllocationId, nowMs),
    );
    if (eip === undefined) throw ctx.fail('InvalidAllocationId.NotFound');
    if (eip.status !== 'InUse') throw ctx.fail('IncorrectEipStatus');
    if (InstanceId !== undefined && InstanceId !== eip.parentId)
      throw ctx.fail('InvalidInstanceId.NotFound');
    await moveEip(tx, eip, 'unassociate', '');
    return {};
  },
});
