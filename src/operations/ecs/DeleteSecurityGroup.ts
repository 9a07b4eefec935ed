import { removeResource } from '../../domain/resource-lifecycle.ts';
import { securityGroup, useOfSecurityGroup } from '../../domain/security-group.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';
import { securityGroupId } from './shared/security-group-rules.ts';

const USES = {
  instances: 'There are still instances in the security group.',
  rules: 'A rule of another security group names the security group.',
};

export const DeleteSecurityGroup = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteSecurityGroup',
  kind: 'write',
  docs: {
    summary: 'Deletes a security group that no instance is in and no other group names.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    SecurityGroupId: securityGroupId,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    DependencyViolation: 403,
    'InvalidRegionId.NotFound': 404,
    'InvalidSecurityGroupId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:DeleteSecurityGroup',
    resource: ({ SecurityGroupId }) => `securitygroup/${SecurityGroupId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', SecurityGroupId: 'sg-bp1fg655nh68xyz9a0b1' },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const group = await securityGroup(ctx.tx, scope, input.SecurityGroupId, ctx.nowMs);
    if (group === undefined) throw ctx.fail('InvalidSecurityGroupId.NotFound');
    const use = await useOfSecurityGroup(ctx.tx, group, ctx.nowMs);
    if (use !== undefined) throw ctx.fail('DependencyViolation', { message: USES[use] });
    await removeResource(ctx.tx, group);
    return {};
  },
});
