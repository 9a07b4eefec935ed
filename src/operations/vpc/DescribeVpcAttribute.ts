import { vpcOf } from '../../domain/network.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { idOf, VPC_VERSION } from '../ecs/shared/network-parameters.ts';
import { dryRun, owners, regionId } from '../ecs/shared/parameters.ts';
import { viewVpcAttributes, vpcAttributes } from '../ecs/shared/vpc-view.ts';

export const DescribeVpcAttribute = defineOperation({
  product: 'vpc',
  version: VPC_VERSION,
  action: 'DescribeVpcAttribute',
  kind: 'read',
  docs: { summary: 'Shows a VPC.' },
  input: object({
    RegionId: regionId('MissingParameter'),
    VpcId: idOf('The VPC.', 'InvalidVpcId.NotFound'),
    DryRun: dryRun,
    ...owners,
  }),
  output: vpcAttributes,
  errors: {
    MissingParameter: 400,
    DryRunOperation: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidVpcId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'vpc:DescribeVpcAttribute', resource: ({ VpcId }) => `vpc/${VpcId}` },
  example: {
    request: { RegionId: 'cn-hangzhou', VpcId: 'vpc-bp1ejhb4r1lyu55t0abc' },
    response: {
      VpcId: 'vpc-bp1ejhb4r1lyu55t0abc',
      VpcName: 'builders',
      CidrBlock: '172.16.0.0/16',
      Status: 'Available',
      CreationTime: '2026-11-24T08:00:00Z',
      Description: '',
      RegionId: 'cn-hangzhou',
      ResourceGroupId: '',
      IsDefault: false,
      VRouterId: 'vrt-bp1ejhb4r1lyu55t0abc',
      VSwitchIds: { VSwitchId: ['vsw-bp1ejhb4r1lyu55t0abc'] },
      UserCidrs: { UserCidr: [] },
      SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
      Ipv6CidrBlock: '',
      Tags: { Tag: [] },
      ClassicLinkEnabled: false,
      Ipv6CidrBlocks: { Ipv6CidrBlock: [] },
    },
  },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const vpc = await vpcOf(ctx.tx, scope, input.VpcId, ctx.nowMs);
    if (vpc === undefined) throw ctx.fail('InvalidVpcId.NotFound');
    return viewVpcAttributes(ctx, vpc);
  },
});
