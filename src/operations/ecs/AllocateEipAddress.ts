import { freeAddress, type EipDetail } from '../../domain/eip.ts';
import { countOf } from '../../domain/network.ts';
import { acceptResource } from '../../domain/resource-lifecycle.ts';
import type { RegionId } from '../../domain/ids.ts';
import { choice, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { bandwidth, purchase } from './shared/eip-parameters.ts';
import { label } from './shared/network-parameters.ts';
import { clientToken, ECS_VERSION, owners, regionId } from './shared/parameters.ts';
import { requireResourceGroup, resourceGroupId } from './shared/resource-group.ts';

export const AllocateEipAddress = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'AllocateEipAddress',
  kind: 'write',
  docs: {
    summary: 'Allocates an elastic address.',
    notes:
      'A record only: the address is of 198.19.0.0/16, where nothing answers. It is Available at once.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    Bandwidth: optional(bandwidth),
    InternetChargeType: optional(
      choice(['PayByBandwidth', 'PayByTraffic'], {
        description: 'Kept and answered.',
        default: 'PayByBandwidth',
        invalid: 'InvalidParameter',
      }),
    ),
    InstanceChargeType: optional(
      choice(['PostPaid'], {
        withoutEffect: 'PostPaid is the only value taken: nothing is sold here.',
        invalid: 'InvalidParameter',
      }),
    ),
    ISP: optional(
      string({
        description: 'BGP, the default, or another word of the vendor: kept and answered.',
        pattern: '^[A-Za-z0-9_]{1,32}$',
        maxLength: 32,
        invalid: 'InvalidParameter',
      }),
    ),
    Netmode: optional(
      choice(['public'], {
        withoutEffect: 'public is the only value there is.',
        invalid: 'InvalidParameter',
      }),
    ),
    Name: label('Name', 'InvalidParameter', 128),
    Description: label('Description', 'InvalidParameter'),
    ResourceGroupId: resourceGroupId,
    ClientToken: clientToken(),
    ...purchase,
    ...owners,
  }),
  output: object({ AllocationId: string(), EipAddress: string(), ResourceGroupId: string() }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    'QuotaExceeded.Eip': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidResourceGroup.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'vpc:AllocateEipAddress', resource: () => 'eip/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', Bandwidth: '5' },
    response: {
      AllocationId: 'eip-bp1ejhb4r1lyu55t0abc',
      EipAddress: '198.19.7.42',
      ResourceGroupId: '',
    },
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const { RegionId, InternetChargeType = 'PayByBandwidth' } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const ResourceGroupId = await requireResourceGroup(ctx, input.ResourceGroupId);
    const AllocationId = ctx.newId('eip-', RegionId);
    const count = await countOf(tx, scope, 'eip', nowMs);
    const EipAddress = await freeAddress(tx, scope, AllocationId, nowMs);
    if (count >= ctx.settings.quotas.networkRecords || EipAddress === undefined)
      throw ctx.fail('QuotaExceeded.Eip');
    const detail: EipDetail = {
      ipAddress: EipAddress,
      description: input.Description ?? '',
      bandwidth: input.Bandwidth ?? 5,
      internetChargeType: InternetChargeType,
      isp: input.ISP ?? 'BGP',
    };
    await acceptResource(tx, {
      ...scope,
      resourceId: AllocationId,
      resourceType: 'eip',
      resourceName: input.Name ?? '',
      status: 'Available',
      parentId: '',
      imageId: '',
      resourceGroupId: ResourceGroupId,
      detail,
    });
    return { AllocationId, EipAddress, ResourceGroupId };
  },
});
