import { DISK_CATEGORIES } from '../../../domain/disk.ts';
import { choice, integer, object, optional, string, type Static } from '../../../lib/schema.ts';
import { decimal } from './decimal.ts';
import { owners, regionId } from './parameters.ts';

const NOT_SOLD = 'Nothing is sold here, so that no way of paying excludes anything.';
const category = (description: string) =>
  optional(choice([...DISK_CATEGORIES, 'ephemeral_ssd'], { description }));

export const availableResourceInput = object({
  RegionId: regionId(),
  DestinationResource: choice(
    ['Zone', 'IoOptimized', 'InstanceType', 'Network', 'ddh', 'SystemDisk', 'DataDisk'],
    {
      description: 'What is asked for. Of ddh, dedicated hosts, there are none.',
      missing: 'Invalid.Param',
      invalid: 'Invalid.DestinationResource',
    },
  ),
  ResourceType: optional(
    choice(['instance', 'disk', 'reservedinstance', 'ddh'], {
      description: 'Of reservedinstance and ddh there are none.',
      invalid: 'Invalid.ResourceType',
      default: 'instance',
    }),
  ),
  ZoneId: optional(string({ description: 'Only this zone.', maxLength: 64 })),
  InstanceType: optional(
    string({
      description:
        'Only this type; one that DescribeInstanceTypes does not list is found nowhere. Needed to ask for disks of instances.',
      maxLength: 64,
    }),
  ),
  Cores: optional(
    integer({ description: 'Types of as many vCPUs; to ask for InstanceType.', minimum: 1 }),
  ),
  Memory: optional(decimal('Types of as many GiB; to ask for InstanceType.')),
  IoOptimized: optional(
    choice(['none', 'optimized'], {
      description: 'Every type here is optimized: with none nothing is found.',
      invalid: 'Invalid.IoOptimized',
      default: 'optimized',
    }),
  ),
  NetworkCategory: optional(
    choice(['vpc', 'classic'], {
      description: 'Every zone has both.',
      invalid: 'Invalid.NetworkCategory',
    }),
  ),
  SystemDiskCategory: category('Every zone has all but ephemeral_ssd.'),
  DataDiskCategory: category('Every zone has all but ephemeral_ssd.'),
  InstanceChargeType: optional(
    choice(['PrePaid', 'PostPaid'], {
      invalid: 'Invalid.InstanceChargeType',
      withoutEffect: NOT_SOLD,
    }),
  ),
  SpotStrategy: optional(
    choice(['NoSpot', 'SpotWithPriceLimit', 'SpotAsPriceGo'], {
      invalid: 'Invalid.SpotStrategy',
      withoutEffect: NOT_SOLD,
    }),
  ),
  SpotDuration: optional(integer({ minimum: 0, maximum: 6, withoutEffect: NOT_SOLD })),
  Scope: optional(
    choice(['Region', 'Zone'], { invalid: 'InvalidParameter.Scope', withoutEffect: NOT_SOLD }),
  ),
  DedicatedHostId: optional(
    string({
      description: 'Refused with `InvalidDedicatedHostId.NotFound`: there are no dedicated hosts.',
      maxLength: 128,
    }),
  ),
  ...owners,
});
export type AvailableResourceInput = Static<typeof availableResourceInput>;
