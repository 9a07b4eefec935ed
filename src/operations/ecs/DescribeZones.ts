import { DISK_CATEGORIES } from '../../domain/disk.ts';
import { INSTANCE_TYPES } from '../../domain/instance-type.ts';
import { boolean, choice, list, object, optional, string } from '../../lib/schema.ts';
import { zonesOf, type Region } from '../../domain/region.ts';
import { defineOperation } from '../../operation.ts';
import { acceptLanguage, isChinese } from './shared/accept-language.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';

const NOT_SOLD = 'Nothing is sold here, so that no way of paying excludes anything.';
const names = () => list(string());

const resourcesInfo = object({
  DataDiskCategories: object({ supportedDataDiskCategory: names() }),
  InstanceGenerations: object({ supportedInstanceGeneration: names() }),
  InstanceTypeFamilies: object({ supportedInstanceTypeFamily: names() }),
  InstanceTypes: object({ supportedInstanceType: names() }),
  IoOptimized: boolean(),
  NetworkTypes: object({ supportedNetworkCategory: names() }),
  SystemDiskCategories: object({ supportedSystemDiskCategory: names() }),
});

export const DescribeZones = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeZones',
  kind: 'read',
  docs: {
    summary: 'Lists three zones of a region, for clients that ask for a zone.',
    notes:
      'Images belong to regions and no machine runs here: the zones are names. Each offers what can be kept as a record, as DescribeAvailableResource tells.',
  },
  input: object({
    RegionId: regionId(),
    AcceptLanguage: acceptLanguage,
    InstanceChargeType: optional(
      choice(['PrePaid', 'PostPaid'], {
        invalid: 'InvalidInstanceChargeType.NotFound',
        withoutEffect: NOT_SOLD,
      }),
    ),
    SpotStrategy: optional(
      choice(['NoSpot', 'SpotWithPriceLimit', 'SpotAsPriceGo'], {
        invalid: 'InvalidSpotStrategy',
        withoutEffect: NOT_SOLD,
      }),
    ),
    Verbose: optional(boolean({ description: 'false: only ZoneId and LocalName.', default: true })),
    ...owners,
  }),
  output: object({
    Zones: object({
      Zone: list(
        object({
          ZoneId: string(),
          LocalName: string(),
          ZoneType: optional(string()),
          AvailableDedicatedHostTypes: optional(object({ DedicatedHostType: names() })),
          AvailableDiskCategories: optional(object({ DiskCategories: names() })),
          AvailableInstanceTypes: optional(object({ InstanceTypes: names() })),
          AvailableResourceCreation: optional(object({ ResourceTypes: names() })),
          AvailableResources: optional(object({ ResourcesInfo: list(resourcesInfo) })),
          AvailableVolumeCategories: optional(object({ VolumeCategories: names() })),
          DedicatedHostGenerations: optional(object({ DedicatedHostGeneration: names() })),
        }),
      ),
    }),
  }),
  errors: {
    MissingRegionId: 400,
    InvalidSpotStrategy: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidInstanceChargeType.NotFound': 404,
    'InvalidAcceptLanguage.NotFound': 404,
  },
  cannotOccur: {
    '404 InvalidRegion.NotFound':
      'Its newer twin with RegionId in the name, of the same table, is answered.',
  },
  access: { action: 'ecs:DescribeZones', resource: () => '*' },
  example: {
    request: { RegionId: 'us-west-1', AcceptLanguage: 'en-US', Verbose: 'false' },
    response: {
      Zones: {
        Zone: [
          { ZoneId: 'us-west-1a', LocalName: 'Silicon Valley Zone A' },
          { ZoneId: 'us-west-1b', LocalName: 'Silicon Valley Zone B' },
          { ZoneId: 'us-west-1c', LocalName: 'Silicon Valley Zone C' },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const region = ctx.settings.regions.get(input.RegionId);
    if (region === undefined) throw ctx.fail('InvalidRegionId.NotFound');
    const zones = zonesOf(region).map((zoneId) => ({
      ZoneId: zoneId,
      LocalName: zoneName(region, zoneId, isChinese(input.AcceptLanguage)),
      ...(input.Verbose === false ? {} : whatIsOffered()),
    }));
    return { Zones: { Zone: zones } };
  },
});

const categories = [...DISK_CATEGORIES];
const instanceTypes = INSTANCE_TYPES.map(({ instanceTypeId }) => instanceTypeId);
const families = [...new Set(INSTANCE_TYPES.map(({ instanceTypeFamily }) => instanceTypeFamily))];

/** The same in every zone. Clients look here for a zone with their type and a vSwitch. */
const whatIsOffered = () => ({
  ZoneType: 'AvailabilityZone',
  AvailableDedicatedHostTypes: { DedicatedHostType: [] },
  AvailableDiskCategories: { DiskCategories: categories },
  AvailableInstanceTypes: { InstanceTypes: instanceTypes },
  AvailableResourceCreation: { ResourceTypes: ['VSwitch', 'IoOptimized', 'Instance', 'Disk'] },
  AvailableResources: {
    ResourcesInfo: [
      {
        DataDiskCategories: { supportedDataDiskCategory: categories },
        InstanceGenerations: { supportedInstanceGeneration: [] },
        InstanceTypeFamilies: { supportedInstanceTypeFamily: families },
        InstanceTypes: { supportedInstanceType: instanceTypes },
        IoOptimized: true,
        NetworkTypes: { supportedNetworkCategory: ['vpc', 'classic'] },
        SystemDiskCategories: { supportedSystemDiskCategory: categories },
      },
    ],
  },
  AvailableVolumeCategories: { VolumeCategories: [] },
  DedicatedHostGenerations: { DedicatedHostGeneration: [] },
});

/** `杭州 可用区A`, `Hangzhou Zone A`: the city out of the region's name and the zone's letter. */
const zoneName = (region: Region, zoneId: string, chinese: boolean): string => {
  const local = chinese ? region.localNameZh : region.localNameEn;
  const city = /[（(]([^（(]+)[）)]/.exec(local)?.[1] ?? local;
  return `${city} ${chinese ? '可用区' : 'Zone '}${zoneId.slice(-1).toUpperCase()}`;
};
