import { countOf, vpcOf } from '../../domain/network.ts';
import { acceptResource } from '../../domain/resource-lifecycle.ts';
import type { SecurityGroupDetail } from '../../domain/security-group.ts';
import type { RegionId } from '../../domain/ids.ts';
import { boolean, choice, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { requireCreationTags } from './shared/creation-tags.ts';
import {
  RECORD_ONLY,
  SECURITY_GROUP_DESCRIPTION,
  SECURITY_GROUP_NAME,
} from './shared/network-parameters.ts';
import { clientToken, ECS_VERSION, owners, regionId, tagList } from './shared/parameters.ts';
import { requireResourceGroup, resourceGroupId } from './shared/resource-group.ts';

export const CreateSecurityGroup = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateSecurityGroup',
  kind: 'write',
  docs: {
    summary: 'Makes a security group, in a VPC or in the classic network.',
    notes: `${RECORD_ONLY} A new group has no rules. Without \`VpcId\` it is of the classic network, which the vendor has closed to new accounts.`,
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    SecurityGroupName: optional(
      string({
        description: 'Name: 2 to 128 characters, a letter first. Need not be unique.',
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
    VpcId: optional(
      string({ description: 'The VPC.', maxLength: 128, invalid: 'InvalidVpcId.NotFound' }),
    ),
    SecurityGroupType: optional(
      choice(['normal', 'enterprise'], {
        description: 'An enterprise group needs a VPC, and its rules name no groups.',
        default: 'normal',
        invalid: 'InvalidParams.GroupType',
      }),
    ),
    ServiceManaged: optional(
      boolean({ withoutEffect: 'No cloud service manages groups here; the field says false.' }),
    ),
    ResourceGroupId: resourceGroupId,
    Tag: tagList('InvalidTagCount'),
    ClientToken: clientToken(),
    ...owners,
  }),
  output: object({ SecurityGroupId: string() }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    'InvalidSecurityGroupName.Malformed': 400,
    'InvalidSecurityGroupDiscription.Malformed': 400,
    'InvalidParams.GroupType': 400,
    'InvalidParams.VpcIdGroupType': 400,
    IncorrectVpcStatus: 400,
    InvalidTagCount: 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'Duplicate.TagKey': 400,
    'QuotaExceed.SecurityGroup': 403,
    'InvalidRegionId.NotFound': 404,
    'InvalidVpcId.NotFound': 404,
    'InvalidResourceGroup.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:CreateSecurityGroup', resource: () => 'securitygroup/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', SecurityGroupName: 'builders' },
    response: { SecurityGroupId: 'sg-bp1fg655nh68xyz9a0b1' },
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const { VpcId: vpcId = '', SecurityGroupType: securityGroupType = 'normal' } = input;
    const tags = requireCreationTags(ctx, input.Tag);
    const group = await requireResourceGroup(ctx, input.ResourceGroupId);
    if (vpcId === '' && securityGroupType === 'enterprise')
      throw ctx.fail('InvalidParams.VpcIdGroupType');
    const vpc = vpcId === '' ? undefined : await vpcOf(tx, scope, vpcId, nowMs);
    if (vpcId !== '' && vpc === undefined) throw ctx.fail('InvalidVpcId.NotFound');
    if (vpc?.status === 'Pending') throw ctx.fail('IncorrectVpcStatus');
    const count = await countOf(tx, scope, 'securitygroup', nowMs);
    if (count >= ctx.settings.quotas.networkRecords) throw ctx.fail('QuotaExceed.SecurityGroup');
    const detail: SecurityGroupDetail = {
      description: input.Description ?? '',
      securityGroupType,
      // Members of a normal group reach one another, those of an enterprise group do not.
      innerAccessPolicy: securityGroupType === 'normal' ? 'Accept' : 'Drop',
      rules: [],
    };
    const SecurityGroupId = ctx.newId('sg-', input.RegionId);
    await acceptResource(
      tx,
      {
        ...scope,
        resourceId: SecurityGroupId,
        resourceType: 'securitygroup',
        resourceName: input.SecurityGroupName ?? '',
        status: 'Available',
        parentId: vpcId,
        imageId: '',
        resourceGroupId: group,
        detail,
      },
      tags,
    );
    return { SecurityGroupId };
  },
});
