import { eipOf, eipOfInstance, moveEip } from '../../domain/eip.ts';
import { choice, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { allocationId, ECS_INSTANCE } from './shared/eip-parameters.ts';
import { findById } from './shared/find-by-id.ts';
import { anyRegionId, idOf } from './shared/network-parameters.ts';
import { clientToken, ECS_VERSION, owners } from './shared/parameters.ts';

export const AssociateEipAddress = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'AssociateEipAddress',
  kind: 'write',
  docs: {
    summary: 'Gives an elastic address to an instance that is Running or Stopped.',
    notes:
      'A record only: nothing answers at the address. It is Associating for half a second, then InUse. Only instances can have one here.',
  },
  input: object({
    RegionId: anyRegionId,
    AllocationId: allocationId,
    InstanceId: idOf('The instance.', 'InvalidInstanceId.NotFound'),
    InstanceType: optional(
      choice([ECS_INSTANCE], {
        withoutEffect: 'EcsInstance is the only value taken: no gateways and balancers exist here.',
        invalid: 'InvalidParameter',
      }),
    ),
    ClientToken: clientToken(),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    IncorrectEipStatus: 400,
    IncorrectInstanceStatus: 400,
    'InvalidAssociation.Duplicated': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidAllocationId.NotFound': 404,
    'InvalidInstanceId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'vpc:AssociateEipAddress',
    resource: ({ AllocationId }) => `eip/${AllocationId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      AllocationId: 'eip-bp1ejhb4r1lyu55t0abc',
      InstanceId: 'i-bp1ejhb4r1lyu55t0abc',
    },
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
    const instance = await tx.resource(eip, 'instance', InstanceId, nowMs);
    if (instance === undefined) throw ctx.fail('InvalidInstanceId.NotFound');
    if (eip.status !== 'Available') throw ctx.fail('IncorrectEipStatus');
    if (instance.status !== 'Running' && instance.status !== 'Stopped')
      throw ctx.fail('IncorrectInstanceStatus');
    if ((await eipOfInstance(tx, eip, InstanceId, nowMs)) !== undefined)
      throw ctx.fail('InvalidAssociation.Duplicated');
    await moveEip(tx, eip, 'associate', InstanceId);
    return {};
  },
});
