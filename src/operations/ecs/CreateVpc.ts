import { countOf, NETWORK_SETTLE_MS, vpcBlock, type VpcDetail } from '../../domain/network.ts';
import { acceptResource } from '../../domain/resource-lifecycle.ts';
import type { RegionId } from '../../domain/ids.ts';
import { isIpv4Source } from '../../lib/cidr.ts';
import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { requireCreationTags } from './shared/creation-tags.ts';
import { label, noIpv6, RECORD_ONLY } from './shared/network-parameters.ts';
import {
  clientToken,
  dryRun,
  ECS_VERSION,
  owners,
  regionId,
  tagList,
} from './shared/parameters.ts';
import { requireResourceGroup, resourceGroupId } from './shared/resource-group.ts';

const MAX_USER_CIDRS = 3;

export const CreateVpc = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateVpc',
  kind: 'write',
  docs: {
    summary: 'Makes a VPC with its router and route table.',
    notes: `${RECORD_ONLY} It is Pending for half a second, then Available.`,
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    CidrBlock: optional(
      string({
        description:
          'IPv4 block, /8 to /28; not of 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/4.',
        default: '172.16.0.0/12',
        maxLength: 18,
        invalid: 'InvalidCidrBlock.Malformed',
      }),
    ),
    VpcName: label('Name', 'InvalidVpcName.Malformed', 128),
    Description: label('Description', 'InvalidVpcDiscription.Malformed'),
    UserCidr: optional(
      string({
        description: 'Up to three blocks, with commas between them: kept and answered.',
        maxLength: 64,
        invalid: 'InvalidParameter',
      }),
    ),
    EnableIpv6: noIpv6,
    ResourceGroupId: resourceGroupId,
    Tag: tagList('InvalidTagCount'),
    DryRun: dryRun,
    ClientToken: clientToken(),
    ...owners,
  }),
  output: object({
    VpcId: string(),
    VRouterId: string(),
    RouteTableId: string(),
    ResourceGroupId: string(),
  }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    DryRunOperation: 400,
    IdempotentParameterMismatch: 400,
    'InvalidCidrBlock.Malformed': 400,
    'InvalidVpcName.Malformed': 400,
    'InvalidVpcDiscription.Malformed': 400,
    'QuotaExceeded.Vpc': 400,
    InvalidTagCount: 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'Duplicate.TagKey': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidResourceGroup.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'vpc:CreateVpc', resource: () => 'vpc/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', CidrBlock: '172.16.0.0/16', VpcName: 'builders' },
    response: {
      VpcId: 'vpc-bp1ejhb4r1lyu55t0abc',
      VRouterId: 'vrt-bp1ejhb4r1lyu55t0abc',
      RouteTableId: 'vtb-bp1ejhb4r1lyu55t0abc',
      ResourceGroupId: '',
    },
  },
  recordsOnly: true,
  dryRun: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const { RegionId, CidrBlock: cidrBlock = '' } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const tags = requireCreationTags(ctx, input.Tag);
    const ResourceGroupId = await requireResourceGroup(ctx, input.ResourceGroupId);
    if (input.EnableIpv6 === true) throw ctx.fail('InvalidParameter', { parameter: 'EnableIpv6' });
    if (vpcBlock(cidrBlock) === undefined) throw ctx.fail('InvalidCidrBlock.Malformed');
    const userCidrs = input.UserCidr?.split(',') ?? [];
    if (userCidrs.length > MAX_USER_CIDRS || !userCidrs.every(isIpv4Source))
      throw ctx.fail('InvalidParameter', { parameter: 'UserCidr' });
    const count = await countOf(ctx.tx, scope, 'vpc', ctx.nowMs);
    if (count >= ctx.settings.quotas.networkRecords) throw ctx.fail('QuotaExceeded.Vpc');
    const VpcId = ctx.newId('vpc-', RegionId);
    const VRouterId = ctx.newId('vrt-', RegionId);
    const RouteTableId = ctx.newId('vtb-', RegionId);
    const detail: VpcDetail = {
      description: input.Description ?? '',
      cidrBlock,
      vRouterId: VRouterId,
      routeTableId: RouteTableId,
      userCidrs,
    };
    await acceptResource(
      ctx.tx,
      {
        ...scope,
        resourceId: VpcId,
        resourceType: 'vpc',
        resourceName: input.VpcName ?? '',
        status: 'Pending',
        settling: { settledStatus: 'Available', settleMs: ctx.nowMs + NETWORK_SETTLE_MS },
        parentId: '',
        imageId: '',
        resourceGroupId: ResourceGroupId,
        detail,
      },
      tags,
    );
    return { VpcId, VRouterId, RouteTableId, ResourceGroupId };
  },
});
