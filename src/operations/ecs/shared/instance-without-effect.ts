// Parameters of RunInstances and CreateInstance that say how a machine would run, or what it would cost:
// accepted, since clients send them, and without effect.
import { boolean, choice, integer, object, optional, string } from '../../../lib/schema.ts';

const NO_MACHINE = 'No machine runs here; it says how one would.';
const NO_PRICE = 'Nothing is sold here.';

/** Text, number or truth value without effect. */
export const text = (why = NO_MACHINE) => optional(string({ withoutEffect: why, maxLength: 512 }));
export const whole = (why = NO_MACHINE) => optional(integer({ withoutEffect: why }));
export const flag = (why = NO_MACHINE) => optional(boolean({ withoutEffect: why }));

/** What both take and nothing comes of. */
export const instanceWithoutEffect = {
  SpotStrategy: optional(
    choice(['NoSpot', 'SpotWithPriceLimit', 'SpotAsPriceGo'], { withoutEffect: NO_PRICE }),
  ),
  SpotPriceLimit: text(NO_PRICE),
  SpotDuration: whole(NO_PRICE),
  SpotInterruptionBehavior: text(NO_PRICE),
  Period: whole(NO_PRICE),
  PeriodUnit: text(NO_PRICE),
  AutoRenew: flag(NO_PRICE),
  AutoRenewPeriod: whole(NO_PRICE),
  Affinity: text(),
  Tenancy: text(),
  DedicatedHostId: text(),
  ManagedHostId: text(),
  DeploymentSetId: text(),
  DeploymentSetGroupNo: whole(),
  HpcClusterId: text(),
  HttpPutResponseHopLimit: whole(),
  SecurityEnhancementStrategy: text(),
  StorageSetId: text(),
  StorageSetPartitionNumber: whole(),
  PrivatePoolOptions: optional(object({ Id: text(), MatchCriteria: text() })),
  HibernationOptions: optional(object({ Configured: flag() })),
};

/** Further ones of RunInstances. */
export const runWithoutEffect = {
  AutoPay: flag(NO_PRICE),
  AutoReleaseTime: text('Nothing is released by itself; delete the instance.'),
  IoOptimized: optional(
    choice(['none', 'optimized'], {
      withoutEffect: NO_MACHINE,
      invalid: 'InvalidIoOptimize.ValueNotSupported',
    }),
  ),
  CpuOptions: optional(
    object({
      Core: whole(),
      Numa: text(),
      ThreadsPerCore: whole(),
      TopologyType: text(),
      NestedVirtualization: text(),
    }),
  ),
  ClockOptions: optional(object({ PtpStatus: text() })),
  SchedulerOptions: optional(object({ DedicatedHostClusterId: text() })),
  SecurityOptions: optional(
    object({
      ConfidentialComputingMode: text(),
      TrustedSystemMode: text(),
      EnableSecureBoot: flag(),
    }),
  ),
  NetworkInterfaceQueueNumber: whole(),
  NetworkOptions: optional(
    object({
      BandwidthWeighting: text(),
      EnableJumboFrame: flag(),
      EnableNetworkEncryption: flag(),
    }),
  ),
  PrivateDnsNameOptions: optional(
    object({
      EnableInstanceIdDnsAAAARecord: flag(),
      EnableInstanceIdDnsARecord: flag(),
      EnableIpDnsARecord: flag(),
      EnableIpDnsPtrRecord: flag(),
      HostnameType: text(),
    }),
  ),
  Isp: text(),
};

/** Further ones of CreateInstance. */
export const createWithoutEffect = {
  IoOptimized: optional(
    choice(['none', 'optimized'], {
      withoutEffect: NO_MACHINE,
      invalid: 'InvalidIoOptimizedValue.ValueNotSupported',
    }),
  ),
  UseAdditionalService: flag(),
  VlanId: text(),
  ClusterId: text(),
  InnerIpAddress: text('The classic network gives the address.'),
  NodeControllerId: text(),
};
