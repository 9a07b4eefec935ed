// The requests that the clients are asked to make: for every operation, parameters of every shape
// that its own model in the newest official SDK knows, filled with nasty values from a seed.
import { createRequire } from 'node:module';
import { below, nastyText, pick, type Random } from './seeded.ts';

/** A value as a user gives it, under wire names: `{ Tag: [{ Key: 'a', Value: 'b' }] }`. */
export type Given =
  | string
  | number
  | boolean
  | readonly Given[]
  | { readonly [name: string]: Given };
export type Input = { readonly [wireName: string]: Given };

/** One parameter on the wire: its flat name and its text. */
export type Pair = readonly [name: string, value: string];

export type TypeNote =
  | string
  | ModelClass
  | { readonly type: 'array'; readonly itemType: TypeNote };

/** What the SDKs' generated request classes tell about themselves. */
export interface ModelClass {
  new (map: object): object;
  names(): Record<string, string>;
  types(): Record<string, TypeNote>;
}

export const operations = [
  'DescribeImageFromFamily',
  'DescribeImages',
  'ImportImage',
  'CreateImage',
  'ModifyImageAttribute',
  'DeleteImage',
  'DescribeSnapshots',
  'DeleteSnapshot',
  'DescribeTasks',
  'DescribeTaskAttribute',
  'CancelTask',
  'TagResources',
  'UntagResources',
  'ListTagResources',
  'DescribeRegions',
  'DescribeZones',
] as const;

export type Operation = (typeof operations)[number];

const require = createRequire(import.meta.url);

/** The request class of an operation in one of the generated SDKs. */
export const modelOf = (sdk: string, operation: Operation): ModelClass => {
  // Classes are looked up by name, so the package's own 2,000 declarations are of no help.
  const models = require(sdk) as Record<string, ModelClass | undefined>;
  const model = models[`${operation}Request`];
  if (model === undefined) throw new Error(`${sdk} has no ${operation}Request`);
  return model;
};

const maxDepth = 4;

const fill = (note: TypeNote, random: Random, depth: number): Given => {
  if (depth > maxDepth) throw new Error('a model nests deeper than expected');
  if (note === 'number') return below(random, 2 ** 31);
  if (note === 'boolean') return random() < 0.5;
  if (typeof note === 'string') return nastyText(random);
  if (typeof note === 'function') return fillModel(note, random, depth);
  const count = pick(random, [1, 1, 2, 3, 20]);
  return Array.from({ length: count }, () => fill(note.itemType, random, depth + 1));
};

const fillModel = (model: ModelClass, random: Random, depth = 0): Input => {
  const names = model.names();
  const input: Record<string, Given> = {};
  for (const [property, note] of Object.entries(model.types())) {
    if (depth > 0 || random() < 0.75) {
      input[names[property] ?? property] = fill(note, random, depth + 1);
    }
  }
  return input;
};

/** Parameters for an operation: about three in four of those that the newest SDK knows. */
export const inputFor = (operation: Operation, random: Random): Input =>
  fillModel(modelOf('@alicloud/ecs20140526', operation), random);

const isList = (given: Given): given is readonly Given[] => Array.isArray(given);

/** The flat wire form, 1-based: `Tag.1.Key`. */
export const flatten = (given: Given, name = ''): Pair[] => {
  if (isList(given)) return given.flatMap((item, index) => flatten(item, `${name}.${index + 1}`));
  if (typeof given === 'object') {
    return Object.entries(given).flatMap(([key, value]) =>
      flatten(value, name === '' ? key : `${name}.${key}`),
    );
  }
  return [[name, String(given)]];
};
