import { securityGroup } from '../../domain/security-group.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { SECURITY_GROUP_DESCRIPTION, SECURITY_GROUP_NAME } from './shared/network-parameters.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';
import { securityGroupId } from './shared/security-group-rules.ts';

export const ModifySecurityGroupAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifySecurityGroupAttribute',
  kind: 'write',
  docs: { summary: 'Changes the name or the description of a security group.' },
  input: object({
    RegionId: regionId('MissingParameter'),
    SecurityGroupId: securityGroupId,
    SecurityGroupName: optional(
      string({
        description: 'Name: 2 to 128 characters, a letter first.',
        pattern: SECURITY_GROUP_NAME,
        maxLength: 128,
        invalid: 'InvalidSecurityGroupName.Malformed',
      }),
    ),
    Description: optional(
      string({
        description: '2 to 256 characters, not http://… or https://….',
        pattern: SECURITY_GROUP_DESCRIPTION,
        maxLength: 256,
        invalid: 'InvalidSecurityGroupDiscription.Malformed',
      }),
    ),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'InvalidSecurityGroupName.Malformed': 400,
    'InvalidSecurityGroupDiscription.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidSecurityGroupId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:ModifySecurityGroupAttribute',
    resource: ({ SecurityGroupId }) => `securitygroup/${SecurityGroupId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      SecurityGroupId: 'sg-bp1fg655nh68xyz9a0b1',
      SecurityGroupName: 'image-builders',
    },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const group = await securityGroup(ctx.tx, scope, input.SecurityGroupId, ctx.nowMs);
    if (group === undefined) throw ctx.fail('InvalidSecurityGroupId.NotFound');
    const { SecurityGroupName: resourceName, Description: description } = input;
    await ctx.tx.updateResource(group.resourceId, {
      ...given({ resourceName }),
      ...(description !== undefined && { detail: { ...group.detail, description } }),
    });
    return {};
  },
});
