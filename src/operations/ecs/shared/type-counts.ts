import { integer } from '../../../lib/schema.ts';
import type { TaggedType } from '../../../domain/tag.ts';

/** The vendor's names of types in `ResourceTypeCount` → the type here, if there is one. */
const TYPES = {
  Ddh: undefined,
  Disk: 'disk',
  Eni: undefined,
  Image: 'image',
  Instance: 'instance',
  KeyPair: 'keypair',
  LaunchTemplate: undefined,
  ReservedInstance: undefined,
  Securitygroup: 'securitygroup',
  Snapshot: 'snapshot',
  SnapshotPolicy: undefined,
  Volume: undefined,
} as const satisfies Record<string, TaggedType | undefined>;
type Name = keyof typeof TYPES;
const NAMES = Object.keys(TYPES) as Name[]; // the keys of a constant

/** The types here that are counted; a tag of others alone, as of a VPC, is not of ECS. */
export const COUNTED_TYPES: readonly TaggedType[] = Object.values(TYPES).filter(
  (type) => type !== undefined,
);

const each = <T>(value: (name: Name) => T): Record<Name, T> =>
  // One entry for each name, whatever `fromEntries` can tell of it.
  Object.fromEntries(NAMES.map((name) => [name, value(name)])) as Record<Name, T>;

export const typeCounts = each(() => integer());

/** Resources that carry a tag, by type, under the vendor's names. */
export const viewTypeCounts = (uses: ReadonlyMap<TaggedType, number>): Record<Name, number> =>
  each((name) => {
    const type = TYPES[name];
    return type === undefined ? 0 : (uses.get(type) ?? 0);
  });
