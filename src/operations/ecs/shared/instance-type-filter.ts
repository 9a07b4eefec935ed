// The filters of DescribeInstanceTypes. What the table of types knows is filtered by; a filter by
// anything else is refused, since to ignore it would answer types that do not have what was asked for.
import type { InstanceType } from '../../../domain/instance-type.ts';
import {
  choice,
  integer,
  list,
  object,
  optional,
  string,
  type Static,
} from '../../../lib/schema.ts';
import { decimal } from './decimal.ts';
import { owners } from './parameters.ts';

const MAX_PAGE = 1600;

/** Filters by what the table does not know; the vendor's names. */
const NOT_KNOWN = [
  'InstanceCategory',
  'NvmeSupport',
  'PhysicalProcessorModel',
  'MinimumDiskQuantity',
  'MinimumCpuSpeedFrequency',
  'MaximumCpuSpeedFrequency',
  'MinimumCpuTurboFrequency',
  'MaximumCpuTurboFrequency',
  'MinimumBaselineCredit',
  'MinimumInitialCredit',
  'MinimumEniQuantity',
  'MinimumEniIpv6AddressQuantity',
  'MinimumEriQuantity',
  'MinimumEniPrivateIpAddressQuantity',
  'MinimumPrimaryEniQueueNumber',
  'MinimumSecondaryEniQueueNumber',
  'MinimumQueuePairNumber',
  'MinimumInstanceBandwidthRx',
  'MinimumInstanceBandwidthTx',
  'MinimumInstancePpsRx',
  'MinimumInstancePpsTx',
] as const;
const NOT_KNOWN_LISTS = ['InstanceCategories', 'PhysicalProcessorModels'] as const;

const name = string({ maxLength: 64 });
const amount = (description: string) =>
  optional(integer({ description, minimum: 0, maximum: 1_000_000 }));
const REFUSED = 'Refused with `InvalidParameter`: not known of the types here.';
const NO_SUCH = 'No type here has any: with it nothing is found.';

export const instanceTypesInput = object({
  InstanceTypes: optional(list(name, { description: 'Names, N from 1 to 10.', maxItems: 10 })),
  InstanceTypeFamily: optional(string({ description: 'For example ecs.g7.', maxLength: 64 })),
  InstanceTypeFamilies: optional(list(name, { maxItems: 10 })),
  InstanceFamilyLevel: optional(choice(['EntryLevel', 'EnterpriseLevel', 'CreditEntryLevel'])),
  CpuArchitecture: optional(choice(['X86', 'ARM'])),
  CpuArchitectures: optional(list(choice(['X86', 'ARM']), { maxItems: 2 })),
  MinimumCpuCoreCount: amount('vCPUs.'),
  MaximumCpuCoreCount: amount('vCPUs.'),
  MinimumMemorySize: optional(decimal('GiB.')),
  MaximumMemorySize: optional(decimal('GiB.')),
  GPUSpec: optional(string({ description: NO_SUCH, maxLength: 64 })),
  GpuSpecs: optional(list(name, { description: NO_SUCH, maxItems: 10 })),
  MinimumGPUAmount: amount('Above 0 nothing is found.'),
  MaximumGPUAmount: optional(
    integer({ minimum: 0, withoutEffect: 'No type here has any, so that every maximum holds.' }),
  ),
  LocalStorageCategory: optional(string({ description: NO_SUCH, maxLength: 64 })),
  LocalStorageCategories: optional(list(name, { description: NO_SUCH, maxItems: 2 })),
  MinimumLocalStorageAmount: amount('Above 0 nothing is found.'),
  MinimumLocalStorageCapacity: amount('GiB. Above 0 nothing is found.'),
  AdditionalAttributes: optional(
    list(name, { maxItems: 10, withoutEffect: 'No more is known of a type than is answered.' }),
  ),
  InstanceCategories: optional(list(name, { description: REFUSED, maxItems: 10 })),
  PhysicalProcessorModels: optional(list(name, { description: REFUSED, maxItems: 10 })),
  ...(Object.fromEntries(
    NOT_KNOWN.map((key) => [key, optional(string({ description: REFUSED, maxLength: 64 }))]),
    // The loop makes exactly these members.
  ) as Record<(typeof NOT_KNOWN)[number], ReturnType<typeof optional<typeof name>>>),
  MaxResults: optional(integer({ minimum: 1, maximum: MAX_PAGE, clamp: true, default: MAX_PAGE })),
  NextToken: optional(string({ description: 'From the answer before.', maxLength: 512 })),
  RegionId: optional(
    string({ withoutEffect: 'The types are the same in every region.', maxLength: 64 }),
  ),
  ...owners,
});
type Input = Static<typeof instanceTypesInput>;

/** The first filter that cannot be answered. */
export const unknownFilter = (input: Input): string | undefined =>
  [...NOT_KNOWN, ...NOT_KNOWN_LISTS].find((key) => input[key] !== undefined);

/** Whether a filter asks for what no type of the table has. */
const asksForMore = (input: Input): boolean =>
  [input.GPUSpec, input.GpuSpecs, input.LocalStorageCategory, input.LocalStorageCategories].some(
    (filter) => filter !== undefined,
  ) ||
  [input.MinimumGPUAmount, input.MinimumLocalStorageAmount, input.MinimumLocalStorageCapacity].some(
    (least = 0) => least > 0,
  );

/** Tells which types fit all the filters. */
export const instanceTypeFilter = (input: Input): ((type: InstanceType) => boolean) => {
  if (asksForMore(input)) return () => false;
  const isIn = (value: string, one?: string, some?: readonly string[]): boolean =>
    (one ?? value) === value && (some?.includes(value) ?? true);
  const { MinimumCpuCoreCount = 0, MaximumCpuCoreCount = Infinity } = input;
  const { MinimumMemorySize = '0', MaximumMemorySize = 'Infinity' } = input;
  return ({ cpuCoreCount, memoryGib, ...type }) =>
    isIn(type.instanceTypeId, undefined, input.InstanceTypes) &&
    isIn(type.instanceTypeFamily, input.InstanceTypeFamily, input.InstanceTypeFamilies) &&
    isIn(type.instanceFamilyLevel, input.InstanceFamilyLevel) &&
    isIn(type.cpuArchitecture, input.CpuArchitecture, input.CpuArchitectures) &&
    cpuCoreCount >= MinimumCpuCoreCount &&
    cpuCoreCount <= MaximumCpuCoreCount &&
    memoryGib >= Number(MinimumMemorySize) &&
    memoryGib <= Number(MaximumMemorySize);
};
