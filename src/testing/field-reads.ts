// Which fields of an operation's input its code reads. A field that is declared and read by nothing is a
// promise that nobody keeps: it has to be read, or to be declared without effect, with the reason.
import { asNode, isRefused, type SchemaNode, type TSchema } from '../lib/schema.ts';
import type { Operation } from '../operation.ts';

/** Leaves of an input in wire names, those inside of a list under the list's name: `Tag.Key`. */
export const leavesOf = (schema: TSchema): string[] => below(asNode(schema), '');

const below = (node: SchemaNode, path: string): string[] => {
  if (node.withoutEffect !== undefined) return [];
  // The decoder lets no value through, or one alone.
  if (node.maxItems === 0 || node.maximum === 0 || node.enum?.length === 1) return [];
  // Of what is refused as a whole nobody reads the inside.
  if (isRefused(node)) return [path];
  if (node.type === 'array') return below(node.items ?? {}, path);
  if (node.type !== 'object') return [path];
  const prefix = path === '' ? '' : `${path}.`;
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    below(child, prefix + name),
  );
};

/**
 * Makes the operation note which fields its handler and `prepare` read, whoever calls it in this
 * process. An input that is copied as a whole (`...rest`) counts as read.
 * @returns the fields that nothing has read so far
 */
export const watchReads = (operation: Operation): (() => string[]) => {
  const reads = new Set<string>(readByPipeline(operation));
  const { handler } = operation;
  const prepare = 'prepare' in operation ? operation.prepare : undefined;
  Object.assign(operation, {
    handler: (ctx: never, input: object, facts: never) =>
      handler(ctx, watch(input, '', reads), facts),
    ...(prepare && {
      prepare: (ctx: never, input: object) => prepare(ctx, watch(input, '', reads)),
    }),
  });
  return () => leavesOf(operation.input).filter((leaf) => !reads.has(leaf));
};

/** Every operation with a region refuses an unknown one; the other two are read where they are declared. */
const readByPipeline = ({ dryRun, idempotency }: Operation): string[] => [
  'RegionId',
  ...(dryRun ? ['DryRun'] : []),
  ...(idempotency ? ['ClientToken'] : []),
];

/** A list that is searched for one of its items must find it: one proxy for one value and path. */
type Seen = Map<string, WeakMap<object, object>>;

const watch = (value: object, path: string, reads: Set<string>, seen: Seen = new Map()): object => {
  const own = seen.get(path) ?? new WeakMap<object, object>();
  seen.set(path, own);
  const proxy = own.get(value) ?? watched(value, path, reads, seen);
  own.set(value, proxy);
  return proxy;
};

const watched = (value: object, path: string, reads: Set<string>, seen: Seen): object =>
  new Proxy(value, {
    get(target, name) {
      const inner: unknown = Reflect.get(target, name);
      if (typeof name === 'symbol') return inner;
      const isItem = Array.isArray(target);
      const own = isItem ? path : path === '' ? name : `${path}.${name}`;
      if (!isItem) reads.add(own);
      // Methods of lists belong to no field.
      return typeof inner === 'object' && inner !== null ? watch(inner, own, reads, seen) : inner;
    },
  });
