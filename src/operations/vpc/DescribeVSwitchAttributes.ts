import { vSwitchOf } from '../../domain/network.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { findById } from '../ecs/shared/find-by-id.ts';
import { anyRegionId, idOf, VPC_VERSION } from '../ecs/shared/network-parameters.ts';
import { dryRun, owners } from '../ecs/shared/parameters.ts';
import { viewVSwitch, vSwitchSchema } from '../ecs/shared/vpc-view.ts';

export const DescribeVSwitchAttributes = defineOperation({
  product: 'vpc',
  version: VPC_VERSION,
  action: 'DescribeVSwitchAttributes',
  kind: 'read',
  docs: { summary: 'Shows a vSwitch.' },
  input: object({
    RegionId: anyRegionId,
    VSwitchId: idOf('The vSwitch.', 'InvalidVSwitchId.NotFound'),
    DryRun: dryRun,
    ...owners,
  }),
  output: vSwitchSchema,
  errors: {
    MissingParameter: 400,
    DryRunOperation: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidVSwitchId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'vpc:DescribeVSwitchAttributes',
    resource: ({ VSwitchId }) => `vswitch/${VSwitchId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', VSwitchId: 'vsw-bp1ejhb4r1lyu55t0abc' },
    response: {
      VSwitchId: 'vsw-bp1ejhb4r1lyu55t0abc',
      VSwitchName: 'builders',
      VpcId: 'vpc-bp1ejhb4r1lyu55t0abc',
      ZoneId: 'cn-hangzhou-a',
      CidrBlock: '172.16.0.0/24',
      Ipv6CidrBlock: '',
      Status: 'Available',
      CreationTime: '2026-11-24T08:00:00Z',
      Description: '',
      ResourceGroupId: '',
      IsDefault: false,
      RouteTable: { RouteTableId: 'vtb-bp1ejhb4r1lyu55t0abc', RouteTableType: 'System' },
      AvailableIpAddressCount: 252,
      Tags: { Tag: [] },
    },
  },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const vSwitch = await findById(ctx, input.RegionId, input.VSwitchId, (scope) =>
      vSwitchOf(ctx.tx, scope, input.VSwitchId, ctx.nowMs),
    );
    if (vSwitch === undefined) throw ctx.fail('InvalidVSwitchId.NotFound');
    return viewVSwitch(ctx, vSwitch);
  },
});
