// Parameters of elastic addresses, and how one looks on the wire. Fields of things that do not exist here
// (prices, protection, bandwidth packages) are empty, with the vendor's types.
import type { Eip } from '../../../domain/eip.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import {
  boolean,
  integer,
  list,
  object,
  optional,
  string,
  type Static,
} from '../../../lib/schema.ts';
import { idOf, viewVpcTags, vpcTagsView } from './network-parameters.ts';

export const allocationId = idOf('The elastic address.', 'InvalidAllocationId.NotFound');

/** Only instances can have one; the vendor knows further types. */
export const ECS_INSTANCE = 'EcsInstance';

export const bandwidth = integer({
  description: 'Mbit/s, 1 to 500: kept and answered.',
  minimum: 1,
  maximum: 500,
  invalid: 'InvalidParameter',
});

const NOTHING_SOLD = 'Nothing is sold here.';
/** Of the purchase. */
export const purchase = {
  ActivityId: optional(integer({ withoutEffect: NOTHING_SOLD, minimum: 0 })),
  Period: optional(integer({ withoutEffect: NOTHING_SOLD, minimum: 0 })),
  PricingCycle: optional(string({ withoutEffect: NOTHING_SOLD, maxLength: 16 })),
  AutoPay: optional(boolean({ withoutEffect: NOTHING_SOLD })),
};

export const eipSchema = object({
  AllocationId: string(),
  IpAddress: string({ description: 'Of 198.19.0.0/16: nothing answers there.' }),
  Name: string(),
  Description: string(),
  Descritpion: string({ description: 'As Description; the vendor has both spellings.' }),
  Status: string({ description: 'Available, Associating, InUse or Unassociating.' }),
  InstanceId: string({ description: 'Empty: none has it.' }),
  InstanceType: string({ description: 'EcsInstance, or empty.' }),
  InstanceRegionId: string({ description: 'The region, while an instance has it.' }),
  Bandwidth: string({ description: 'Mbit/s, as text.' }),
  EipBandwidth: string({ description: 'As Bandwidth.' }),
  InternetChargeType: string(),
  ChargeType: string({ description: 'Always PostPaid.' }),
  ISP: string(),
  Netmode: string({ description: 'Always public.' }),
  AllocationTime: string({ description: 'UTC, whole seconds.' }),
  ExpiredTime: string({ description: 'Always empty.' }),
  RegionId: string(),
  ResourceGroupId: string(),
  DeletionProtection: boolean({ description: 'Always false.' }),
  HDMonitorStatus: string({ description: 'Always OFF.' }),
  PublicIpAddressPoolId: string(),
  Zone: string(),
  AvailableRegions: object({ AvailableRegion: list(string()) }),
  BandwidthPackageId: string(),
  BandwidthPackageType: string(),
  BandwidthPackageBandwidth: string(),
  SegmentInstanceId: string(),
  SecondLimited: boolean({ description: 'Always false.' }),
  HasReservationData: boolean({ description: 'Always false.' }),
  OperationLocks: object({ LockReason: list(object({ LockReason: string() })) }),
  SecurityProtectionTypes: object({ SecurityProtectionType: list(string()) }),
  Tags: vpcTagsView,
});

export const viewEip = (eip: Eip): Static<typeof eipSchema> => ({
  AllocationId: eip.resourceId,
  IpAddress: eip.detail.ipAddress,
  Name: eip.resourceName,
  Description: eip.detail.description,
  Descritpion: eip.detail.description,
  Status: eip.status,
  InstanceId: eip.parentId,
  InstanceType: eip.parentId === '' ? '' : ECS_INSTANCE,
  InstanceRegionId: eip.parentId === '' ? '' : eip.regionId,
  Bandwidth: String(eip.detail.bandwidth),
  EipBandwidth: String(eip.detail.bandwidth),
  InternetChargeType: eip.detail.internetChargeType,
  ChargeType: 'PostPaid',
  ISP: eip.detail.isp,
  Netmode: 'public',
  AllocationTime: formatSeconds(eip.creationMs),
  ExpiredTime: '',
  RegionId: eip.regionId,
  ResourceGroupId: eip.resourceGroupId,
  DeletionProtection: false,
  HDMonitorStatus: 'OFF',
  PublicIpAddressPoolId: '',
  Zone: '',
  AvailableRegions: { AvailableRegion: [eip.regionId] },
  BandwidthPackageId: '',
  BandwidthPackageType: '',
  BandwidthPackageBandwidth: '',
  SegmentInstanceId: '',
  SecondLimited: false,
  HasReservationData: false,
  OperationLocks: { LockReason: [] },
  SecurityProtectionTypes: { SecurityProtectionType: [] },
  Tags: viewVpcTags(eip.tags),
});
