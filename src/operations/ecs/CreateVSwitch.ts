import {
  countOf,
  NETWORK_SETTLE_MS,
  refusalOfVSwitchBlock,
  vpcOf,
  vSwitchesIn,
  type BlockRefusal,
  type VSwitchDetail,
} from '../../domain/network.ts';
import { zonesOf } from '../../domain/region.ts';
import { acceptResource } from '../../domain/resource-lifecycle.ts';
import { integer, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { requireCreationTags } from './shared/creation-tags.ts';
import { findById } from './shared/find-by-id.ts';
import { anyRegionId, idOf, label, RECORD_ONLY } from './shared/network-parameters.ts';
import { clientToken, ECS_VERSION, owners, tagList } from './shared/parameters.ts';

const REFUSALS = {
  malformed: 'InvalidCidrBlock.Malformed',
  mask: 'InvalidCirdrBlock.MaskLength',
  outside: 'InvalidParameter',
  overlapping: 'InvalidCidrBlock.Overlapped',
} as const satisfies Record<BlockRefusal, string>;

export const CreateVSwitch = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateVSwitch',
  kind: 'write',
  docs: {
    summary: 'Makes a vSwitch: a block of the addresses of a VPC, in one zone.',
    notes: `${RECORD_ONLY} It is Pending for half a second, then Available. Without \`RegionId\` the VPC is looked for in every region.`,
  },
  input: object({
    RegionId: anyRegionId,
    VpcId: idOf('The VPC.', 'InvalidVpcId.NotFound'),
    ZoneId: idOf('The zone, of DescribeZones.', 'InvalidZoneId.NotFound'),
    CidrBlock: string({
      description: 'IPv4 block, /16 to /29, of the VPC and of no other vSwitch.',
      missing: 'MissingParameter',
      maxLength: 18,
      invalid: 'InvalidCidrBlock.Malformed',
    }),
    VSwitchName: label('Name', 'InvalidVSwitchName.Malformed', 128),
    Description: label('Description', 'InvalidVSwitchDiscription.Malformed'),
    Ipv6CidrBlock: optional(
      integer({ description: 'Refused: no VPC has an IPv6 block here.', maximum: 255 }),
    ),
    Tag: tagList('InvalidTagCount'),
    ClientToken: clientToken(),
    ...owners,
  }),
  output: object({ VSwitchId: string() }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    'InvalidCidrBlock.Malformed': 400,
    'InvalidCirdrBlock.MaskLength': 400,
    'InvalidCidrBlock.Overlapped': 400,
    'InvalidVSwitchName.Malformed': 400,
    'InvalidVSwitchDiscription.Malformed': 400,
    'QuotaExceeded.VSwitch': 400,
    IncorrectVpcStatus: 400,
    InvalidTagCount: 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'Duplicate.TagKey': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidVpcId.NotFound': 404,
    'InvalidZoneId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'vpc:CreateVSwitch', resource: ({ VpcId }) => `vpc/${VpcId}` },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      VpcId: 'vpc-bp1ejhb4r1lyu55t0abc',
      ZoneId: 'cn-hangzhou-a',
      CidrBlock: '172.16.0.0/24',
    },
    response: { VSwitchId: 'vsw-bp1ejhb4r1lyu55t0abc' },
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const { quotas, regions } = ctx.settings;
    const { ZoneId: zoneId, CidrBlock: cidrBlock } = input;
    const tags = requireCreationTags(ctx, input.Tag);
    const vpc = await findById(ctx, input.RegionId, input.VpcId, (scope) =>
      vpcOf(tx, scope, input.VpcId, nowMs),
    );
    if (vpc === undefined) throw ctx.fail('InvalidVpcId.NotFound');
    const { accountId, regionId } = vpc;
    const region = regions.get(regionId);
    if (region === undefined || !zonesOf(region).includes(zoneId))
      throw ctx.fail('InvalidZoneId.NotFound');
    if (vpc.status === 'Pending') throw ctx.fail('IncorrectVpcStatus');
    if (input.Ipv6CidrBlock !== undefined)
      throw ctx.fail('InvalidParameter', { parameter: 'Ipv6CidrBlock' });
    const others = await vSwitchesIn(tx, vpc, vpc.resourceId, nowMs);
    const refusal = refusalOfVSwitchBlock(cidrBlock, vpc, others);
    if (refusal !== undefined) throw ctx.fail(REFUSALS[refusal], { parameter: 'CidrBlock' });
    if ((await countOf(tx, vpc, 'vswitch', nowMs)) >= quotas.networkRecords)
      throw ctx.fail('QuotaExceeded.VSwitch');
    const VSwitchId = ctx.newId('vsw-', regionId);
    const detail: VSwitchDetail = { description: input.Description ?? '', cidrBlock, zoneId };
    await acceptResource(
      tx,
      {
        accountId,
        regionId,
        resourceId: VSwitchId,
        resourceType: 'vswitch',
        resourceName: input.VSwitchName ?? '',
        status: 'Pending',
        settling: { settledStatus: 'Available', settleMs: nowMs + NETWORK_SETTLE_MS },
        parentId: vpc.resourceId,
        imageId: '',
        resourceGroupId: vpc.resourceGroupId,
        detail,
      },
      tags,
    );
    return { VSwitchId };
  },
});
