import { boolean, choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { eipOfInstance, type EipDetail } from '../../domain/eip.ts';
import { everyResource } from '../../domain/every-resource.ts';
import type { RegionId } from '../../domain/ids.ts';
import { INSTANCE_STATUSES, toInstance } from '../../domain/instance.ts';
import type { Resource } from '../../domain/resource.ts';
import type { ReadTx, Scope } from '../../domain/tx.ts';

import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { groupAskedFor } from './shared/resource-group.ts';
import { instanceFilter } from './shared/instance-filter.ts';
import { instanceSchema, viewInstance } from './shared/instance-view.ts';
import { dryRun, ECS_VERSION, owners, regionId, tagList } from './shared/parameters.ts';
import { bothPagingStyles, pageOfResources } from './shared/resource-page.ts';

const id = (description?: string) =>
  optional(string({ maxLength: 128, ...(description === undefined ? {} : { description }) }));
const jsonList = (description: string) => optional(string({ description, maxLength: 8192 }));

export const DescribeInstances = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeInstances',
  kind: 'read',
  docs: {
    summary: 'Lists the records of instances, newest first; no machine runs behind them.',
    notes:
      'Filters combine with AND; an empty list of ids matches nothing. With `NextToken` or `MaxResults` the page parameters are ignored. What only a machine could tell is 0 or empty.',
  },
  input: object({
    RegionId: regionId(),
    InstanceIds: jsonList('A JSON array of up to 100 ids: ["i-…"].'),
    InstanceName: id('The name; `*` stands for any characters.'),
    Status: optional(choice(INSTANCE_STATUSES, { invalid: 'InvalidStatus.NotFound' })),
    ImageId: id(),
    VpcId: id(),
    VSwitchId: id(),
    ZoneId: id(),
    SecurityGroupId: id(),
    InstanceType: id(),
    InstanceTypeFamily: id('For example ecs.g7.'),
    InstanceChargeType: optional(
      choice(['PostPaid', 'PrePaid'], { invalid: 'InvalidInstanceChargeType.NotFound' }),
    ),
    InstanceNetworkType: optional(
      choice(['vpc', 'classic'], { invalid: 'InvalidNetworkType.NotFound' }),
    ),
    InternetChargeType: optional(
      choice(['PayByBandwidth', 'PayByTraffic'], {
        invalid: 'InvalidInternetChargeType.ValueNotSupported',
      }),
    ),
    KeyPairName: id(),
    ResourceGroupId: id(),
    HttpEndpoint: optional(choice(['enabled', 'disabled'])),
    HttpTokens: optional(choice(['optional', 'required'])),
    IoOptimized: optional(boolean({ description: 'false matches nothing.' })),
    LockReason: optional(
      choice(['financial', 'security', 'Recycling', 'dedicatedhostfinancial', 'refunded'], {
        description: 'Matches nothing: no instance is locked.',
        invalid: 'InvalidLockReason.NotFound',
      }),
    ),
    HpcClusterId: optional(
      string({
        description: 'Refused with `InvalidHpcClusterId.NotFound`: no clusters exist here.',
        maxLength: 128,
      }),
    ),
    PrivateIpAddresses: jsonList('A JSON array of addresses of instances in a VPC.'),
    InnerIpAddresses: jsonList('A JSON array of addresses of instances in the classic network.'),
    PublicIpAddresses: jsonList('A JSON array of public addresses.'),
    EipAddresses: jsonList('A JSON array of elastic addresses.'),
    RdmaIpAddresses: jsonList('Matches nothing.'),
    Ipv6Address: optional(list(string(), { description: 'Matches nothing.', maxItems: 100 })),
    Filter: optional(
      list(object({ Key: optional(string()), Value: optional(string()) }), {
        description: 'CreationStartTime, CreationEndTime, ExpiredStartTime, ExpiredEndTime.',
        maxItems: 4,
        tooMany: 'InvalidFilterKey.NotFound',
      }),
    ),
    Tag: tagList('InvalidTagCount'),
    AdditionalAttributes: optional(
      list(string(), { withoutEffect: 'Every attribute that exists is answered.', maxItems: 20 }),
    ),
    DeviceAvailable: optional(boolean({ withoutEffect: 'No devices exist here.' })),
    HttpPutResponseHopLimit: optional(integer({ withoutEffect: 'The vendor opens it to few.' })),
    NeedSaleCycle: optional(boolean({ withoutEffect: 'Nothing is sold here.' })),
    DryRun: dryRun,
    ...bothPagingStyles,
    ...owners,
  }),
  output: object({
    NextToken: string({ description: 'Empty on the last page and in the page style.' }),
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    Instances: object({ Instance: list(instanceSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    InvalidParameter: 400,
    'InvalidInstanceIds.Malformed': 400,
    'InvalidHpcClusterId.NotFound': 400,
    'InvalidTag.Mismatch': 400,
    InvalidTagCount: 400,
    DryRunOperation: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidStatus.NotFound': 404,
    'InvalidInstanceChargeType.NotFound': 404,
    'InvalidNetworkType.NotFound': 404,
    'InvalidInternetChargeType.ValueNotSupported': 404,
    'InvalidLockReason.NotFound': 404,
    'InvalidFilterKey.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeInstances', resource: () => 'instance/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', InstanceIds: '["i-bp1g6zv0ce8oghu7k2qp"]' },
    response: {
      NextToken: '',
      PageNumber: 1,
      PageSize: 10,
      TotalCount: 0,
      Instances: { Instance: [] },
    },
  },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const { PageNumber, PageSize, MaxResults, NextToken, DryRun: _, ...query } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    if (query.HpcClusterId !== undefined) throw ctx.fail('InvalidHpcClusterId.NotFound');
    const found = instanceFilter({ ...query, ...groupAskedFor(ctx, query) });
    if ('fault' in found) throw ctx.fail(found.fault, { parameter: found.parameter });
    const holders =
      found.eipAddresses && (await instancesAt(ctx.tx, scope, found.eipAddresses, ctx.nowMs));
    const fits = ({ resourceId }: Resource) => holders?.has(resourceId) === true;
    const page = await pageOfResources(
      ctx,
      scope,
      holders === undefined ? found : { ...found, fits: both(found.fits, fits) },
      given({ PageNumber, PageSize, MaxResults, NextToken }),
      ['DescribeInstances', query],
    );
    const Instance = [];
    for (const row of page.rows.map(toInstance))
      Instance.push(viewInstance(row, await eipOfInstance(ctx.tx, row, row.resourceId, ctx.nowMs)));
    return { ...page.answer, Instances: { Instance } };
  },
});

type Fits = (resource: Resource) => boolean;

const both =
  (one: Fits | undefined, other: Fits): Fits =>
  (resource) =>
    one?.(resource) !== false && other(resource);

/** The instances that the elastic addresses are bound to. */
const instancesAt = async (
  tx: ReadTx,
  scope: Scope,
  addresses: readonly string[],
  nowMs: number,
): Promise<Set<string>> => {
  const all = await everyResource<EipDetail>(tx, scope, { resourceType: 'eip' }, nowMs);
  return new Set(
    all.filter((eip) => addresses.includes(eip.detail.ipAddress)).map(({ parentId }) => parentId),
  );
};
