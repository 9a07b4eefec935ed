import { securityGroup } from '../../domain/security-group.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { RECORD_ONLY } from './shared/network-parameters.ts';
import { clientToken, ECS_VERSION, owners, regionId } from './shared/parameters.ts';
import { securityGroupId } from './shared/security-group-rules.ts';

export const ModifySecurityGroupPolicy = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifySecurityGroupPolicy',
  kind: 'write',
  docs: {
    summary: 'Says whether the members of a security group may reach one another.',
    notes: RECORD_ONLY,
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    SecurityGroupId: securityGroupId,
    InnerAccessPolicy: string({
      description: 'accept or drop, in any case.',
      missing: 'MissingParameter',
      pattern: '^([Aa][Cc][Cc][Ee][Pp][Tt]|[Dd][Rr][Oo][Pp])$',
      maxLength: 6,
      invalid: 'InvalidPolicy.Malformed',
    }),
    ClientToken: clientToken(),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    'InvalidPolicy.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidSecurityGroupId.NotFound': 404,
    'InvalidParameter.InnerAccessPolicy': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:ModifySecurityGroupPolicy',
    resource: ({ SecurityGroupId }) => `securitygroup/${SecurityGroupId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      SecurityGroupId: 'sg-bp1fg655nh68xyz9a0b1',
      InnerAccessPolicy: 'Drop',
    },
    response: {},
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const group = await securityGroup(ctx.tx, scope, input.SecurityGroupId, ctx.nowMs);
    if (group === undefined) throw ctx.fail('InvalidSecurityGroupId.NotFound');
    const { detail } = group;
    if (detail.securityGroupType === 'enterprise')
      throw ctx.fail('InvalidParameter.InnerAccessPolicy');
    const innerAccessPolicy = input.InnerAccessPolicy.toLowerCase() === 'drop' ? 'Drop' : 'Accept';
    if (innerAccessPolicy !== detail.innerAccessPolicy)
      await ctx.tx.updateResource(group.resourceId, { detail: { ...detail, innerAccessPolicy } });
    return {};
  },
});
