// Parameters for the fuzzer, out of the schemas of the registry: mostly shaped as an operation wants
// them, with a wrong type, a hostile name or a huge value wherever the seed says so.
import type { SchemaNode } from '../../src/lib/schema.ts';
import { below, nastyText, pick, type Random } from '../wire/seeded.ts';

/** Ids that exist, by prefix, so that calls get past the first look-up. */
export type KnownIds = Readonly<Record<string, string>>;

const NUMBERS = [
  '0',
  '1',
  '-1',
  '-0',
  '+1',
  '1e3',
  '0x10',
  ' 12 ',
  '９',
  '1.0',
  '01',
  '2147483648',
  '9007199254740993',
  '9'.repeat(400),
  'NaN',
  'Infinity',
  '',
];
const BOOLEANS = ['true', 'True', 'FALSE', '1', '0', 'yes', 'true ', 'null', ''];
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__proto__.polluted',
  'Tag.1.__proto__',
  'Tag.1.constructor.prototype',
  'Tag.0.Key',
  'Tag.-1.Key',
  'Tag.01.Key',
  'Tag.1e3.Key',
  'Tag.999999999.Key',
  'Tag.4294967296.Key',
  'Tag',
  'Tag.1',
  'Tag.',
  'Tag..Key',
  'Tag.1.Key.2',
  'Tag.2.Key',
  'Tag.1.key',
  'Filter.1.Value',
  'DiskDeviceMapping.1.',
  'DiskDeviceMapping.1.OSSBucket.1',
  'ResourceId',
  'ResourceId.1.1',
  'Features',
  'RegionId.1',
  '#4#name',
  'a',
  'A'.repeat(256),
];
const HUGE = [1_000, 8_192, 65_536, 150_000];
const JSON_TEXTS = [
  '{}',
  '[]',
  '[[]]',
  '{"a":{"a":{}}}',
  '[{"Key":"a","Key":"b"}]',
  '{"__proto__":{"polluted":1}}',
  '[1e3]',
  '['.repeat(200),
  '{"Key":null}',
  '"x"',
  'null',
];

const hugeText = (random: Random): string =>
  pick(random, ['a', 'a:', 'http:/', '长', '%', '<', '\u0000', '*', '../', '🚀'])
    .repeat(pick(random, HUGE))
    .slice(0, pick(random, HUGE));

/** What a parameter's name says of the id that it wants. */
const WANTED: readonly (readonly [name: RegExp, prefixes: readonly string[]])[] = [
  [/image/i, ['m-']],
  [/snapshot/i, ['s-']],
  [/task/i, ['t-']],
  [/vpc/i, ['vpc-']],
  [/vswitch/i, ['vsw-']],
  [/group/i, ['sg-']],
  [/allocation/i, ['eip-']],
  [/resource/i, ['m-', 's-', 'vpc-', 'vsw-', 'sg-', 'eip-']],
];

const idFor = (name: string, known: KnownIds, random: Random): string | undefined => {
  const wanted = WANTED.find(([pattern]) => pattern.test(name));
  return wanted && known[pick(random, wanted[1])];
};

const scalar = (node: SchemaNode, name: string, known: KnownIds, random: Random): string => {
  const roll = random();
  if (roll < 0.006) return hugeText(random);
  if (roll < 0.11) return nastyText(random);
  if (roll < 0.17) return pick(random, [...NUMBERS, ...BOOLEANS, ...JSON_TEXTS]);
  if (node.enum !== undefined && node.enum.length > 0) return pick(random, node.enum);
  if (node.type === 'integer')
    return random() < 0.5 ? String(1 + below(random, 100)) : pick(random, NUMBERS);
  if (node.type === 'boolean') return pick(random, BOOLEANS);
  if (name === 'RegionId' || name === 'DestinationRegionId')
    return pick(random, ['cn-hangzhou', 'cn-hangzhou', 'cn-hangzhou', 'cn-beijing', 'cn-nowhere']);
  const id = /Ids?$|Id$/.test(name) ? idFor(name, known, random) : undefined;
  if (id !== undefined && random() < 0.8) return id;
  return random() < 0.5 ? `name-${below(random, 5)}` : nastyText(random);
};

const fill = (
  node: SchemaNode,
  path: string,
  name: string,
  known: KnownIds,
  random: Random,
  into: Map<string, string>,
): void => {
  const required = new Set(node.required);
  if (node.type === 'object' && random() < 0.97) {
    for (const [member, child] of Object.entries(node.properties ?? {}))
      if (required.has(member) ? random() < 0.95 : random() < 0.35)
        fill(child, path === '' ? member : `${path}.${member}`, member, known, random, into);
  } else if (node.type === 'array' && random() < 0.95) {
    const count = pick(random, [1, 1, 2, 3, 21, 101]);
    for (let i = 1; i <= count; i++)
      fill(node.items ?? {}, `${path}.${i}`, name, known, random, into);
  } else
    into.set(
      path,
      node.type === 'object' || node.type === 'array'
        ? pick(random, JSON_TEXTS)
        : scalar(node, name, known, random),
    );
};

export const fuzzInput = (
  node: SchemaNode,
  known: KnownIds,
  random: Random,
): Record<string, string> => {
  const parameters = new Map<string, string>();
  fill({ ...node, type: 'object' }, '', '', known, random, parameters);
  parameters.delete('');
  if (random() < 0.25) parameters.set(pick(random, NAMES), nastyText(random));
  if (random() < 0.02) for (let i = 0; i < 1_100; i++) parameters.set(`P${i}`, 'x');
  // The names of the map may be anything, which an object made of entries holds as own members.
  return Object.fromEntries(parameters);
};
