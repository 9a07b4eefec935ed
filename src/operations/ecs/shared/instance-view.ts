// How an instance looks on the wire, in DescribeInstances. What only a machine could tell is 0 or empty,
// with the vendor's types.
import type { Eip } from '../../../domain/eip.ts';
import { familyOfType, findInstanceType } from '../../../domain/instance-type.ts';
import type { Instance } from '../../../domain/instance.ts';
import { formatMinutes } from '../../../lib/clock.ts';
import { boolean, integer, list, object, string, type Static } from '../../../lib/schema.ts';
import { osName, osNameEn } from './image-view.ts';
import { partial } from './partial.ts';

const NOT_KNOWN = '0: a type is a name here and no machine runs.';
export const OTHER_TYPES = '0 of a type that DescribeInstanceTypes does not list.';

/** What the vendor shows of an instance that does not expire. */
export const NEVER_EXPIRES = '2099-12-31T15:59Z';

export const addressesSchema = object({ IpAddress: list(string()) });

export const eipSchema = object({
  AllocationId: string(),
  Bandwidth: integer(),
  InternetChargeType: string(),
  IpAddress: string(),
});

export const vpcSchema = object({
  NatIpAddress: string(),
  PrivateIpAddress: addressesSchema,
  VSwitchId: string(),
  VpcId: string(),
});

export const instanceSchema = object({
  AdditionalInfo: partial({
    EnableHighDensityMode: boolean(),
    ManagedHostId: string(),
    NodeSerialNumber: string(),
  }),
  AutoReleaseTime: string(),
  ClockOptions: partial({ PtpStatus: string() }),
  ClusterId: string(),
  Cpu: integer({ description: `vCPUs. ${OTHER_TYPES}` }),
  CpuOptions: partial({
    CoreCount: integer(),
    Numa: string(),
    ThreadsPerCore: integer(),
    TopologyType: string(),
  }),
  CreationTime: string({ description: 'UTC, whole minutes.' }),
  CreditSpecification: string(),
  DedicatedHostAttribute: partial({ DedicatedHostId: string(), DedicatedHostName: string() }),
  DedicatedInstanceAttribute: partial({ Affinity: string(), Tenancy: string() }),
  DeletionProtection: boolean(),
  DeploymentSetGroupNo: integer(),
  DeploymentSetId: string(),
  Description: string(),
  DeviceAvailable: boolean(),
  EcsCapacityReservationAttr: partial({
    CapacityReservationId: string(),
    CapacityReservationPreference: string(),
  }),
  EipAddress: eipSchema,
  EnableNVS: boolean(),
  ExpiredTime: string(),
  GPUAmount: integer({ description: NOT_KNOWN }),
  GPUSpec: string(),
  HibernationOptions: object({ Configured: boolean() }),
  HostName: string(),
  HpcClusterId: string(),
  ISP: string(),
  ImageId: string({ description: 'As resolved when the instance was made.' }),
  ImageOptions: object({
    CurrentOSNVMeSupported: boolean({ description: 'As the image says.' }),
    LoginAsNonRoot: boolean(),
  }),
  InnerIpAddress: addressesSchema,
  InstanceChargeType: string(),
  InstanceId: string(),
  InstanceName: string(),
  InstanceNetworkType: string({ description: 'vpc or classic.' }),
  InstanceType: string(),
  InstanceTypeFamily: string(),
  InternetChargeType: string(),
  InternetMaxBandwidthIn: integer(),
  InternetMaxBandwidthOut: integer(),
  IoOptimized: boolean(),
  KeyPairName: string(),
  LocalStorageAmount: integer({ description: NOT_KNOWN }),
  LocalStorageCapacity: integer({ description: NOT_KNOWN }),
  Memory: integer({ description: `MiB. ${OTHER_TYPES}` }),
  MetadataOptions: object({ HttpEndpoint: string(), HttpTokens: string() }),
  NetworkInterfaces: object({
    NetworkInterface: list(object({ NetworkInterfaceId: string(), PrimaryIpAddress: string() }), {
      description: 'Always empty: interfaces are no records of their own.',
    }),
  }),
  OSName: string({ description: 'Of the image, in Chinese.' }),
  OSNameEn: string({ description: 'Of the image, in English.' }),
  OSType: string(),
  OperationLocks: object({ LockReason: list(object({ LockReason: string() })) }),
  PrivateDnsNameOptions: partial({ HostnameType: string() }),
  PublicIpAddress: addressesSchema,
  RdmaIpAddress: addressesSchema,
  Recyclable: boolean(),
  RegionId: string(),
  ResourceGroupId: string(),
  SaleCycle: string(),
  SecurityGroupIds: object({ SecurityGroupId: list(string()) }),
  SecurityOptions: partial({ EnableSecureBoot: boolean() }),
  SerialNumber: string(),
  SpotDuration: integer(),
  SpotInterruptionBehavior: string(),
  SpotPriceLimit: integer({ description: 'Always 0: nothing is sold here.' }),
  SpotStrategy: string(),
  StartTime: string({ description: 'UTC, whole minutes; empty before the first start.' }),
  Status: string({ description: 'Pending, Starting, Running, Stopping or Stopped.' }),
  StoppedMode: string(),
  Tags: object({ Tag: list(object({ TagKey: string(), TagValue: string() })) }),
  VlanId: string(),
  VpcAttributes: vpcSchema,
  ZoneId: string(),
});
export type InstanceView = Static<typeof instanceSchema>;

const addresses = (address: string) => ({ IpAddress: address === '' ? [] : [address] });

/** The parts that tell where an instance is; DescribeInstanceAttribute shows the same. */
export const viewNetwork = ({ detail }: Instance, eip: Eip | undefined) => {
  const isVpc = detail.vSwitchId !== '';
  return {
    EipAddress: {
      AllocationId: eip?.resourceId ?? '',
      Bandwidth: eip === undefined ? 0 : eip.detail.bandwidth,
      InternetChargeType: eip === undefined ? '' : eip.detail.internetChargeType,
      IpAddress: eip === undefined ? '' : eip.detail.ipAddress,
    },
    InnerIpAddress: addresses(isVpc ? '' : detail.privateIpAddress),
    InstanceNetworkType: isVpc ? 'vpc' : 'classic',
    InternetChargeType: detail.internetChargeType,
    InternetMaxBandwidthIn: detail.internetMaxBandwidthIn,
    InternetMaxBandwidthOut: detail.internetMaxBandwidthOut,
    PublicIpAddress: addresses(detail.publicIpAddress),
    SecurityGroupIds: { SecurityGroupId: detail.securityGroupIds },
    VlanId: '',
    VpcAttributes: {
      NatIpAddress: '',
      PrivateIpAddress: addresses(isVpc ? detail.privateIpAddress : ''),
      VSwitchId: detail.vSwitchId,
      VpcId: detail.vpcId,
    },
    ZoneId: detail.zoneId,
  };
};

/** Of everything that no record here has. */
const nothing = () => ({
  AdditionalInfo: {},
  AutoReleaseTime: '',
  ClockOptions: {},
  ClusterId: '',
  CpuOptions: {},
  DedicatedHostAttribute: {},
  DedicatedInstanceAttribute: {},
  DeploymentSetGroupNo: 0,
  DeploymentSetId: '',
  DeviceAvailable: true,
  EcsCapacityReservationAttr: {},
  EnableNVS: false,
  ExpiredTime: NEVER_EXPIRES,
  GPUAmount: 0,
  GPUSpec: '',
  HibernationOptions: { Configured: false },
  HpcClusterId: '',
  ISP: '',
  IoOptimized: true,
  LocalStorageAmount: 0,
  LocalStorageCapacity: 0,
  NetworkInterfaces: { NetworkInterface: [] },
  OperationLocks: { LockReason: [] },
  PrivateDnsNameOptions: {},
  RdmaIpAddress: { IpAddress: [] },
  Recyclable: false,
  SaleCycle: '',
  SecurityOptions: {},
  SerialNumber: '',
  SpotDuration: 0,
  SpotInterruptionBehavior: '',
  SpotPriceLimit: 0,
});

/** What the name of the type says of the size. */
export const viewSize = (instanceType: string) => {
  const { cpuCoreCount = 0, memoryGib = 0 } = findInstanceType(instanceType) ?? {};
  return { Cpu: cpuCoreCount, Memory: memoryGib * 1024 };
};

export const viewInstance = (instance: Instance, eip: Eip | undefined): InstanceView => {
  const { detail } = instance;
  const { traits } = detail;
  return {
    ...nothing(),
    ...viewSize(detail.instanceType),
    ...viewNetwork(instance, eip),
    CreationTime: formatMinutes(instance.creationMs),
    CreditSpecification: detail.creditSpecification,
    DeletionProtection: detail.deletionProtection,
    Description: detail.description,
    HostName: detail.hostName,
    ImageId: instance.imageId,
    ImageOptions: {
      CurrentOSNVMeSupported: traits.nvmeSupport === 'supported',
      LoginAsNonRoot: detail.loginAsNonRoot,
    },
    InstanceChargeType: detail.instanceChargeType,
    InstanceId: instance.resourceId,
    InstanceName: instance.resourceName,
    InstanceType: detail.instanceType,
    InstanceTypeFamily: familyOfType(detail.instanceType),
    KeyPairName: detail.keyPairName,
    MetadataOptions: { HttpEndpoint: detail.httpEndpoint, HttpTokens: detail.httpTokens },
    OSName: traits.osName || osName(traits),
    OSNameEn: traits.osNameEn || osNameEn(traits),
    OSType: traits.osType,
    RegionId: instance.regionId,
    ResourceGroupId: instance.resourceGroupId,
    SpotStrategy: detail.spotStrategy,
    StartTime: detail.startMs === 0 ? '' : formatMinutes(detail.startMs),
    Status: instance.status,
    StoppedMode: instance.status === 'Stopped' ? detail.stoppedMode : 'Not-applicable',
    Tags: { Tag: instance.tags.map((tag) => ({ TagKey: tag.tagKey, TagValue: tag.tagValue })) },
  };
};
