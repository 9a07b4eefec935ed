// Names of instance types, as data. No machine is made here, so a type is a word with a size: enough for
// clients that look one up before they name it. The table is a choice of the vendor's types and knows
// nothing of network, disks or clock rates; a type that is not in it can be used all the same.
import type { Architecture } from './image.ts';

export type InstanceFamilyLevel = 'EnterpriseLevel' | 'EntryLevel' | 'CreditEntryLevel';
export type CpuArchitecture = 'X86' | 'ARM';

export interface InstanceType {
  instanceTypeId: string;
  instanceTypeFamily: string;
  instanceFamilyLevel: InstanceFamilyLevel;
  cpuArchitecture: CpuArchitecture;
  cpuCoreCount: number;
  memoryGib: number;
}

/** Name of the size → vCPUs. */
const SIZES = { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '8xlarge': 32 };

/** Families of whole series of sizes: GiB a vCPU, and where the processors are no x86 ones. */
const SERIES: readonly (readonly [gibPerCore: number, families: string, processor?: 'ARM'])[] = [
  [2, 'c5 c6 c7 c8i sn1ne'],
  [4, 'g5 g6 g7 g8i sn2ne'],
  [8, 'r5 r6 r7 r8i se1ne'],
  [2, 'c6r c8y', 'ARM'],
  [4, 'g6r g8y', 'ARM'],
  [8, 'r8y', 'ARM'],
];

/** Smaller types one by one: `name vCPUs/GiB`. */
const ENTRY: readonly (readonly [level: InstanceFamilyLevel, family: string, types: string])[] = [
  [
    'EntryLevel',
    'e',
    'e-c1m1.large 2/2, e-c1m2.large 2/4, e-c1m4.large 2/8, e-c1m2.xlarge 4/8, e-c1m4.xlarge 4/16, e-c1m2.2xlarge 8/16, e-c1m4.2xlarge 8/32',
  ],
  [
    'EntryLevel',
    'n1',
    'n1.tiny 1/1, n1.small 1/2, n1.medium 2/4, n1.large 4/8, n1.xlarge 8/16, n1.3xlarge 16/32',
  ],
  [
    'EntryLevel',
    'n4',
    'n4.small 1/2, n4.large 2/4, n4.xlarge 4/8, n4.2xlarge 8/16, n4.4xlarge 16/32',
  ],
  [
    'EntryLevel',
    'mn4',
    'mn4.small 1/4, mn4.large 2/8, mn4.xlarge 4/16, mn4.2xlarge 8/32, mn4.4xlarge 16/64',
  ],
  [
    'CreditEntryLevel',
    't5',
    't5-lc1m1.small 1/1, t5-lc1m2.small 1/2, t5-lc1m2.large 2/4, t5-lc1m4.large 2/8, t5-c1m1.large 2/2, t5-c1m2.large 2/4, t5-c1m4.large 2/8, t5-c1m1.xlarge 4/4, t5-c1m2.xlarge 4/8, t5-c1m4.xlarge 4/16',
  ],
  [
    'CreditEntryLevel',
    't6',
    't6-c2m1.large 2/1, t6-c1m1.large 2/2, t6-c1m2.large 2/4, t6-c1m4.large 2/8, t6-c1m4.xlarge 4/16, t6-c1m4.2xlarge 8/32',
  ],
];

const seriesTypes = SERIES.flatMap(([gibPerCore, families, processor]) =>
  families.split(' ').flatMap((family) =>
    Object.entries(SIZES).map(([size, cpuCoreCount]): InstanceType => ({
      instanceTypeId: `ecs.${family}.${size}`,
      instanceTypeFamily: `ecs.${family}`,
      instanceFamilyLevel: 'EnterpriseLevel',
      cpuArchitecture: processor ?? 'X86',
      cpuCoreCount,
      memoryGib: cpuCoreCount * gibPerCore,
    })),
  ),
);

const entryTypes = ENTRY.flatMap(([instanceFamilyLevel, family, types]) =>
  types.split(', ').map((text): InstanceType => {
    const [name, cores, gib] = text.split(/[ /]/);
    return {
      instanceTypeId: `ecs.${name}`,
      instanceTypeFamily: `ecs.${family}`,
      instanceFamilyLevel,
      cpuArchitecture: 'X86',
      cpuCoreCount: Number(cores),
      memoryGib: Number(gib),
    };
  }),
);

/** The table, in order of the names: pages go by it. */
export const INSTANCE_TYPES: readonly InstanceType[] = [...seriesTypes, ...entryTypes].toSorted(
  (a, b) => (a.instanceTypeId < b.instanceTypeId ? -1 : 1),
);

const byId = new Map(INSTANCE_TYPES.map((type) => [type.instanceTypeId, type]));

/** Undefined: not in the table, which says nothing against the type. */
export const findInstanceType = (instanceTypeId: string): InstanceType | undefined =>
  byId.get(instanceTypeId);

/** Whether machines of the type could boot the image; of a type that is not listed nobody knows. */
export const fitsType = (
  { architecture }: { architecture: Architecture },
  instanceType: string,
): boolean => {
  const found = findInstanceType(instanceType);
  return found === undefined || (found.cpuArchitecture === 'ARM') === (architecture === 'arm64');
};

/** `ecs.g7.large` → `ecs.g7`, `ecs.t6-c1m1.large` → `ecs.t6`; also of a type outside the table. */
export const familyOfType = (instanceTypeId: string): string =>
  byId.get(instanceTypeId)?.instanceTypeFamily ??
  instanceTypeId
    .split('.')
    .slice(0, -1)
    .join('.')
    .replace(/-l?c\d+[gm]\d+$/, '');

/** The types whose processors run an image of that architecture. */
export const typesFor = (architecture: Architecture): InstanceType[] => {
  const wanted: CpuArchitecture = architecture === 'arm64' ? 'ARM' : 'X86';
  return INSTANCE_TYPES.filter(({ cpuArchitecture }) => cpuArchitecture === wanted);
};
