import { eipOf } from '../../domain/eip.ts';
import { object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { allocationId, bandwidth } from './shared/eip-parameters.ts';
import { findById } from './shared/find-by-id.ts';
import { given } from './shared/given.ts';
import { anyRegionId, label } from './shared/network-parameters.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';

export const ModifyEipAddressAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifyEipAddressAttribute',
  kind: 'write',
  docs: { summary: 'Changes the name, the description or the bandwidth of an elastic address.' },
  input: object({
    RegionId: anyRegionId,
    AllocationId: allocationId,
    Bandwidth: optional(bandwidth),
    Name: label('Name', 'InvalidParameter', 128),
    Description: label('Description', 'InvalidParameter'),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidAllocationId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'vpc:ModifyEipAddressAttribute',
    resource: ({ AllocationId }) => `eip/${AllocationId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      AllocationId: 'eip-bp1ejhb4r1lyu55t0abc',
      Bandwidth: '10',
    },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, { RegionId, AllocationId, ...input }) {
    const eip = await findById(ctx, RegionId, AllocationId, (scope) =>
      eipOf(ctx.tx, scope, AllocationId, ctx.nowMs),
    );
    if (eip === undefined) throw ctx.fail('InvalidAllocationId.NotFound');
    const { Name: resourceName, Description: description, Bandwidth } = input;
    await ctx.tx.updateResource(eip.resourceId, {
      ...given({ resourceName }),
      detail: { ...eip.detail, ...given({ description, bandwidth: Bandwidth }) },
    });
    return {};
  },
});
