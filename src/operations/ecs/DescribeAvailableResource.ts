// What a zone offers. Nothing is ever sold out here, so that the answer is a table: the same in every
// zone of every region. It must agree with DescribeZones and DescribeInstanceTypes.
import { DISK_CATEGORIES, MAX_DISK_GIB } from '../../domain/disk.ts';
import { findInstanceType, INSTANCE_TYPES } from '../../domain/instance-type.ts';
import { zonesOf } from '../../domain/region.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation, type ReadContext } from '../../operation.ts';
import {
  availableResourceInput,
  type AvailableResourceInput,
} from './shared/available-resource-request.ts';
import { ECS_VERSION } from './shared/parameters.ts';

const supported = object({
  Value: string(),
  Status: string({ description: 'Always Available.' }),
  StatusCategory: string({ description: 'Always WithStock.' }),
  Min: optional(integer({ description: 'Of a disk: the least size.' })),
  Max: optional(integer({ description: 'Of a disk: the greatest size.' })),
  Unit: optional(string({ description: 'Of a disk: GiB.' })),
});

/** The codes of what is asked for in the wrong combination. */
type Fault =
  | 'Invalid.Param'
  | 'InvalidDedicatedHostId.NotFound'
  | 'InvalidParam.Cores'
  | 'InvalidParam.Memory'
  | 'InvalidParam.TypeAndCpuMem.Conflict';

const checkForm = (ctx: Pick<ReadContext<Fault>, 'fail'>, input: AvailableResourceInput): void => {
  const { DestinationResource, ResourceType, InstanceType, Cores, Memory } = input;
  if (input.DedicatedHostId !== undefined) throw ctx.fail('InvalidDedicatedHostId.NotFound');
  if (DestinationResource !== 'InstanceType') {
    if (Cores !== undefined) throw ctx.fail('InvalidParam.Cores');
    if (Memory !== undefined) throw ctx.fail('InvalidParam.Memory');
  }
  if (InstanceType !== undefined && (Cores ?? Memory) !== undefined)
    throw ctx.fail('InvalidParam.TypeAndCpuMem.Conflict');
  const isOfInstance = DestinationResource.endsWith('Disk') && ResourceType === 'instance';
  if (isOfInstance && InstanceType === undefined)
    throw ctx.fail('Invalid.Param', { parameter: 'InstanceType' });
};

const isNowhere = (input: AvailableResourceInput): boolean =>
  input.DestinationResource === 'ddh' ||
  (input.ResourceType !== 'instance' && input.ResourceType !== 'disk') ||
  input.IoOptimized === 'none' ||
  input.SystemDiskCategory === 'ephemeral_ssd' ||
  input.DataDiskCategory === 'ephemeral_ssd' ||
  (input.InstanceType !== undefined && findInstanceType(input.InstanceType) === undefined);

/** The values of what is asked for, in every zone. */
const valuesOf = (input: AvailableResourceInput): readonly string[] => {
  const { DestinationResource, InstanceType, Cores, Memory, NetworkCategory } = input;
  if (DestinationResource === 'IoOptimized') return ['optimized'];
  if (DestinationResource === 'Network')
    return NetworkCategory === undefined ? ['vpc', 'classic'] : [NetworkCategory];
  if (DestinationResource === 'InstanceType')
    return INSTANCE_TYPES.filter(
      (type) =>
        (InstanceType ?? type.instanceTypeId) === type.instanceTypeId &&
        (Cores ?? type.cpuCoreCount) === type.cpuCoreCount &&
        Number(Memory ?? type.memoryGib) === type.memoryGib,
    ).map(({ instanceTypeId }) => instanceTypeId);
  const wanted =
    DestinationResource === 'SystemDisk' ? input.SystemDiskCategory : input.DataDiskCategory;
  return DISK_CATEGORIES.filter((category) => (wanted ?? category) === category);
};

const STOCK = { Status: 'Available', StatusCategory: 'WithStock' };
const DISK_SIZES = {
  SystemDisk: { Min: 1, Max: 2048, Unit: 'GiB' },
  DataDisk: { Min: 1, Max: MAX_DISK_GIB, Unit: 'GiB' },
};

const resourcesOf = (input: AvailableResourceInput) => {
  const { DestinationResource } = input;
  if (DestinationResource === 'Zone') return {};
  const isDisk = DestinationResource === 'SystemDisk' || DestinationResource === 'DataDisk';
  const sizes = isDisk ? DISK_SIZES[DestinationResource] : {};
  const SupportedResource = valuesOf(input).map((Value) => ({ Value, ...STOCK, ...sizes }));
  return {
    AvailableResources: {
      AvailableResource: [{ Type: DestinationResource, SupportedResources: { SupportedResource } }],
    },
  };
};

export const DescribeAvailableResource = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeAvailableResource',
  kind: 'read',
  docs: {
    summary: 'Tells what the zones of a region offer.',
    notes:
      'No machine is made here and nothing is ever sold out: every zone offers the types of DescribeInstanceTypes, both kinds of network and the categories of disks that can be recorded.',
  },
  input: availableResourceInput,
  output: object({
    AvailableZones: object({
      AvailableZone: list(
        object({
          RegionId: string(),
          ZoneId: string(),
          Status: string({ description: 'Always Available.' }),
          StatusCategory: string({ description: 'Always WithStock.' }),
          AvailableResources: optional(
            object(
              {
                AvailableResource: list(
                  object({
                    Type: string({ description: 'What was asked for.' }),
                    SupportedResources: object({ SupportedResource: list(supported) }),
                  }),
                ),
              },
              { description: 'Absent when zones are asked for.' },
            ),
          ),
        }),
      ),
    }),
  }),
  errors: {
    MissingRegionId: 400,
    InvalidParameter: 400,
    'Invalid.Param': 400,
    'Invalid.InstanceChargeType': 400,
    'InvalidDedicatedHostId.NotFound': 403,
    'InvalidParam.Cores': 403,
    'InvalidParam.Memory': 403,
    'InvalidParam.TypeAndCpuMem.Conflict': 403,
    'InvalidParameter.Scope': 403,
    'Invalid.DestinationResource': 404,
    'Invalid.IoOptimized': 404,
    'Invalid.NetworkCategory': 404,
    'Invalid.ResourceType': 404,
    'Invalid.SpotStrategy': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeAvailableResource', resource: () => '*' },
  example: {
    request: { RegionId: 'cn-hangzhou', ZoneId: 'cn-hangzhou-a', DestinationResource: 'Zone' },
    response: {
      AvailableZones: {
        AvailableZone: [{ RegionId: 'cn-hangzhou', ZoneId: 'cn-hangzhou-a', ...STOCK }],
      },
    },
  },
  async handler(ctx, input) {
    checkForm(ctx, input);
    const { RegionId, ZoneId } = input;
    const region = ctx.settings.regions.get(RegionId);
    if (region === undefined) throw ctx.fail('InvalidRegionId.NotFound');
    const zones = zonesOf(region).filter((zoneId) => (ZoneId ?? zoneId) === zoneId);
    const resources = resourcesOf(input);
    const AvailableZone = isNowhere(input)
      ? []
      : zones.map((zoneId) => ({ RegionId, ZoneId: zoneId, ...STOCK, ...resources }));
    return { AvailableZones: { AvailableZone } };
  },
});
