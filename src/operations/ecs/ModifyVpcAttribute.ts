import { vpcBlock, vpcOf, vSwitchesIn } from '../../domain/network.ts';
import { contains, parseIpv4Block } from '../../lib/cidr.ts';
import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { findById } from './shared/find-by-id.ts';
import { given } from './shared/given.ts';
import { anyRegionId, idOf, label, noIpv6 } from './shared/network-parameters.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';

export const ModifyVpcAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifyVpcAttribute',
  kind: 'write',
  docs: {
    summary: 'Changes the name, the description or the block of a VPC.',
    notes: 'A new block has to hold the blocks of all vSwitches.',
  },
  input: object({
    RegionId: anyRegionId,
    VpcId: idOf('The VPC.', 'InvalidVpcId.NotFound'),
    VpcName: label('Name', 'InvalidVpcName.Malformed', 128),
    Description: label('Description', 'InvalidVpcDiscription.Malformed'),
    CidrBlock: optional(
      string({
        description: 'IPv4 block, /8 to /28.',
        maxLength: 18,
        invalid: 'InvalidCidrBlock.Malformed',
      }),
    ),
    EnableIPv6: noIpv6,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidVpcName.Malformed': 400,
    'InvalidVpcDiscription.Malformed': 400,
    'InvalidCidrBlock.Malformed': 400,
    IncorrectVpcStatus: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidVpcId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'vpc:ModifyVpcAttribute', resource: ({ VpcId }) => `vpc/${VpcId}` },
  example: {
    request: { RegionId: 'cn-hangzhou', VpcId: 'vpc-bp1ejhb4r1lyu55t0abc', VpcName: 'images' },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const { VpcName: resourceName, Description: description, CidrBlock: cidrBlock } = input;
    const vpc = await findById(ctx, input.RegionId, input.VpcId, (scope) =>
      vpcOf(tx, scope, input.VpcId, nowMs),
    );
    if (vpc === undefined) throw ctx.fail('InvalidVpcId.NotFound');
    if (input.EnableIPv6 === true) throw ctx.fail('InvalidParameter', { parameter: 'EnableIPv6' });
    if (vpc.status === 'Pending') throw ctx.fail('IncorrectVpcStatus');
    if (cidrBlock !== undefined) {
      const block = vpcBlock(cidrBlock);
      const inside = await vSwitchesIn(tx, vpc, vpc.resourceId, nowMs);
      const holds = inside.every(
        ({ detail }) => block && contains(block, parseIpv4Block(detail.cidrBlock)!),
      );
      if (block === undefined || !holds) throw ctx.fail('InvalidCidrBlock.Malformed');
    }
    await tx.updateResource(vpc.resourceId, {
      ...given({ resourceName }),
      detail: { ...vpc.detail, ...given({ description, cidrBlock }) },
    });
    return {};
  },
});
