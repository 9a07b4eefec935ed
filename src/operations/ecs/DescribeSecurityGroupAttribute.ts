import { securityGroup } from '../../domain/security-group.ts';
import type { RegionId } from '../../domain/ids.ts';
import { choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { pageToken, queryHash, readPageToken } from './shared/page-token.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';
import { permissionSchema, viewRule } from './shared/security-group-view.ts';
import { securityGroupId } from './shared/security-group-rules.ts';

export const DescribeSecurityGroupAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeSecurityGroupAttribute',
  kind: 'read',
  docs: {
    summary: 'Shows a security group with its rules, the newest rule first.',
    notes:
      'Every rule is answered unless `MaxResults` limits the page. A `NicType` other than internet and intranet is read as none, as the vendor reads it: Terraform sends `<nil>`.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    SecurityGroupId: securityGroupId,
    Direction: optional(
      choice(['ingress', 'egress', 'all'], { default: 'all', invalid: 'InvalidParameter' }),
    ),
    NicType: optional(
      string({ description: 'In the classic network: internet or intranet.', maxLength: 64 }),
    ),
    Attribute: optional(
      choice(['snapshotPolicyIds'], {
        withoutEffect: 'snapshotPolicyIds is its only value, and no group here has any.',
        invalid: 'InvalidParameter',
      }),
    ),
    MaxResults: optional(
      integer({ description: 'Rules a page, 1 to 1000.', minimum: 1, maximum: 1000, clamp: true }),
    ),
    NextToken: optional(string({ description: 'From the page before.', maxLength: 2048 })),
    ...owners,
  }),
  output: object({
    RegionId: string(),
    SecurityGroupId: string(),
    SecurityGroupName: string(),
    Description: string(),
    VpcId: string({ description: 'Empty: classic network.' }),
    InnerAccessPolicy: string({ description: 'Accept or Drop.' }),
    NextToken: string({ description: 'Empty on the last page.' }),
    Permissions: object({ Permission: list(permissionSchema) }),
    SnapshotPolicyIds: object({ SnapshotPolicyId: list(string()) }),
  }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidSecurityGroupId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:DescribeSecurityGroupAttribute',
    resource: ({ SecurityGroupId }) => `securitygroup/${SecurityGroupId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', SecurityGroupId: 'sg-bp1fg655nh68xyz9a0b1' },
    response: {
      RegionId: 'cn-hangzhou',
      SecurityGroupId: 'sg-bp1fg655nh68xyz9a0b1',
      SecurityGroupName: 'builders',
      Description: '',
      VpcId: '',
      InnerAccessPolicy: 'Accept',
      NextToken: '',
      Permissions: { Permission: [] },
      SnapshotPolicyIds: { SnapshotPolicyId: [] },
    },
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { Direction = 'all', NicType, NextToken, MaxResults } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const group = await securityGroup(ctx.tx, scope, input.SecurityGroupId, ctx.nowMs);
    if (group === undefined) throw ctx.fail('InvalidSecurityGroupId.NotFound');
    const { detail, resourceId, parentId: VpcId } = group;
    const nicTypes = ['internet', 'intranet'];
    const nicType = VpcId === '' && nicTypes.includes(NicType ?? '') ? NicType : undefined;
    const rules = detail.rules
      .filter((rule) => Direction === 'all' || rule.direction === Direction)
      .filter((rule) => nicType === undefined || rule.nicType === nicType)
      .toReversed();
    const hash = queryHash('DescribeSecurityGroupAttribute', resourceId, Direction, nicType);
    const position = NextToken === undefined ? [0] : readPageToken(NextToken, hash, ['number']);
    if (position === undefined) throw ctx.fail('InvalidParameter', { parameter: 'NextToken' });
    const [begin = 0] = position;
    const end = Math.min(rules.length, begin + (MaxResults ?? rules.length));
    return {
      RegionId: input.RegionId,
      SecurityGroupId: resourceId,
      SecurityGroupName: group.resourceName,
      Description: detail.description,
      VpcId,
      InnerAccessPolicy: detail.innerAccessPolicy,
      NextToken: end < rules.length ? pageToken(hash, [end]) : '',
      Permissions: { Permission: rules.slice(begin, end).map(viewRule) },
      SnapshotPolicyIds: { SnapshotPolicyId: [] },
    };
  },
});
