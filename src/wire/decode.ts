// From flat parameters to the typed input of an operation: `Tag.1.Key=a` → {Tag: [{Key: 'a'}]}.
// Each schema is compiled once into nested readers. A name that came over the wire is only ever
// looked up in the schema's own tables, never used as a key of an object or an index of an array,
// and the work is linear in the number of parameters, whatever their indices say.
import { ApiError, isErrorCode, type ErrorCode } from '../errors.ts';
import { asNode, type SchemaNode, type Static, type TObject } from '../lib/schema.ts';
import { refused, scalarReader, type ScalarReader } from './decode-scalar.ts';
import { add, expandJson, firstSegment, isIndex, newSent, type Sent } from './decode-sent.ts';
import type { ParameterMap } from './params.ts';

export interface DecodeOptions {
  /** The status that the operation at hand gives to a code; undefined: the catalogue's. */
  status?: (code: ErrorCode) => number | undefined;
}

export interface Decoded<T> {
  value: T;
  /** Names that the schema does not know, in wire order. */
  unknown: string[];
}

interface Run {
  readonly unknown: string[];
  readonly status: DecodeOptions['status'];
}

/** Reads what was sent under one name; undefined when it is absent (empty means absent). */
type Reader = (sent: Sent, path: string, run: Run) => unknown;

interface Field {
  readonly name: string;
  /** Where the own name and then the aliases stand in the slots. */
  readonly slots: readonly number[];
  readonly read: Reader;
  /** Set on required fields. */
  readonly missing: ErrorCode | undefined;
  readonly fallback: unknown;
  /** Whether an empty text is a value. */
  readonly takesEmpty: boolean;
}

interface Table {
  readonly fields: readonly Field[];
  /** Name or alias → slot. */
  readonly names: ReadonlyMap<string, number>;
  readonly foldCase: boolean;
}

const compiled = new WeakMap<TObject, Table>();

/** The typed value of the parameters under a schema, or the ApiError of the first fault. */
export function decode<T extends TObject>(
  schema: T,
  parameters: ParameterMap,
  options: DecodeOptions = {},
): Decoded<Static<T>> {
  let table = compiled.get(schema);
  if (table === undefined) {
    table = compileTable(asNode(schema), false);
    compiled.set(schema, table);
  }
  const run: Run = { unknown: [], status: options.status };
  // The table was compiled from T: it holds exactly T's fields, each read by its own rules.
  const value = readTable(table, parameters, '', run) as Static<T>;
  return { value, unknown: run.unknown };
}

function compileTable(node: SchemaNode, foldCase: boolean): Table {
  const names = new Map<string, number>();
  const required = new Set(node.required);
  const fields = Object.entries(node.properties ?? {}).map(([name, child]): Field => {
    const slots = [name, ...(child.aliases ?? [])].map((alias) => {
      const key = foldCase ? alias.toLowerCase() : alias;
      const slot = names.size;
      if (names.has(key)) throw new Error(`The schema uses the name ${alias} twice`);
      names.set(key, slot);
      return slot;
    });
    const missing = required.has(name) ? missingCode(name, child, foldCase) : undefined;
    const takesEmpty = child.emptyClears === true;
    return { name, slots, read: compile(child), missing, fallback: child.default, takesEmpty };
  });
  return { fields, names, foldCase };
}

function compile(node: SchemaNode): Reader {
  const invalid = codeOf(node.invalid, 'InvalidParameter');
  if (node.type === 'object') return objectReader(node, invalid);
  if (node.type === 'array') return listReader(node, invalid);
  const read = scalarReader(node);
  if (read === undefined) throw new Error(`The decoder does not know type ${String(node.type)}`);
  return valueReader(read, invalid, node);
}

const valueReader =
  (
    read: ScalarReader,
    invalid: ErrorCode,
    { tooLong, maxLength = Infinity, emptyClears }: SchemaNode,
  ): Reader =>
  (sent, path, run) => {
    // `ImageId.1` for a plain ImageId: a list that would silently be ignored.
    if (sent.below !== undefined) throw fault('InvalidParameter', path, run);
    if (sent.bare === '' && emptyClears) return '';
    if (sent.bare === undefined || sent.bare === '') return undefined;
    const value = read(sent.bare);
    if (value === refused) {
      const isTooLong = tooLong !== undefined && sent.bare.length > maxLength;
      throw fault(isTooLong ? codeOf(tooLong, invalid) : invalid, path, run);
    }
    return value;
  };

function objectReader(node: SchemaNode, invalid: ErrorCode): Reader {
  const table = compileTable(node, true);
  return (sent, path, run) => {
    const entries = entriesOf(sent, 'object', path, invalid, run);
    return entries === undefined ? undefined : readTable(table, entries, `${path}.`, run);
  };
}

function listReader(node: SchemaNode, invalid: ErrorCode): Reader {
  const readItem = compile(node.items ?? {});
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = node;
  const tooMany = codeOf(node.tooMany, invalid);
  return (sent, path, run) => {
    const items = new Map<number, Sent>();
    for (const [below, value] of entriesOf(sent, 'array', path, invalid, run) ?? []) {
      const [index, rest] = firstSegment(below);
      if (!isIndex(index)) throw fault('InvalidParameter', `${path}.${below}`, run);
      const item = items.get(Number(index)) ?? newSent();
      items.set(Number(index), item);
      if (!add(item, rest, value)) throw fault('InvalidParameter', `${path}.${index}`, run);
    }
    // Gaps are closed: the numbers only give the order.
    const inOrder = [...items].filter(([, item]) => item.filled).sort(([a], [b]) => a - b);
    if (inOrder.length > maxItems) throw fault(tooMany, path, run);
    const values = inOrder
      .map(([index, item]) => readItem(item, `${path}.${index}`, run))
      .filter((value) => value !== undefined);
    if (values.length === 0) return undefined;
    if (values.length < minItems) throw fault(invalid, path, run);
    return values;
  };
}

/** What was sent below a name, be it as parameters of their own or as one JSON text. */
function entriesOf(
  sent: Sent,
  kind: 'object' | 'array',
  path: string,
  invalid: ErrorCode,
  run: Run,
): Iterable<readonly [string, string]> | undefined {
  if (sent.below !== undefined) return sent.below;
  if (sent.bare === undefined || sent.bare === '') return undefined;
  const entries = expandJson(sent.bare, kind, (name) => run.unknown.push(`${path}.${name}`));
  if (entries === undefined) throw fault(invalid, path, run);
  return entries;
}

/** An object of exactly the table's fields; undefined below the top if nothing of it was sent. */
function readTable(
  table: Table,
  entries: Iterable<readonly [string, string]>,
  prefix: string,
  run: Run,
): Record<string, unknown> | undefined {
  const slots: Array<Sent | undefined> = [];
  let filled = false;
  for (const [path, value] of entries) {
    const [head, rest] = firstSegment(path);
    const slot = table.names.get(table.foldCase ? head.toLowerCase() : head);
    if (slot === undefined) {
      run.unknown.push(prefix + path);
      continue;
    }
    const sent = (slots[slot] ??= newSent());
    if (!add(sent, rest, value)) throw fault('InvalidParameter', prefix + head, run);
    filled ||= sent.filled;
  }
  if (!filled && prefix !== '') return undefined;

  for (const { name, slots: own, missing, takesEmpty } of table.fields) {
    const isSent = (slot: number): boolean => {
      const sent = slots[slot];
      return sent !== undefined && (sent.filled || (takesEmpty && sent.bare === ''));
    };
    if (missing !== undefined && !own.some(isSent)) throw fault(missing, prefix + name, run);
  }
  const result: Record<string, unknown> = {};
  for (const field of table.fields) {
    const value = readField(field, slots, prefix + field.name, run);
    if (value !== undefined) result[field.name] = value;
  }
  return result;
}

function readField(
  field: Field,
  slots: ReadonlyArray<Sent | undefined>,
  path: string,
  run: Run,
): unknown {
  for (const slot of field.slots) {
    const sent = slots[slot];
    const value = sent === undefined ? undefined : field.read(sent, path, run);
    if (value !== undefined) return value;
  }
  // `Tag=[]` was sent and still says nothing.
  if (field.missing !== undefined) throw fault(field.missing, path, run);
  return freshCopy(field.fallback);
}

/** A fresh default each time: a handler may change its input. */
const freshCopy = (value: unknown): unknown =>
  typeof value === 'object' ? structuredClone(value) : value;

function missingCode(name: string, node: SchemaNode, nested: boolean): ErrorCode {
  const usual = `Missing${name}`;
  const fallback = !nested && isErrorCode(usual) ? usual : 'MissingParameter';
  return codeOf(node.missing, fallback);
}

/** A code named in a schema must stand in the catalogue; anything else is a bug of the schema. */
function codeOf(code: string | undefined, fallback: ErrorCode): ErrorCode {
  if (code === undefined) return fallback;
  if (!isErrorCode(code)) throw new Error(`The schema names an unknown error code: ${code}`);
  return code;
}

function fault(code: ErrorCode, parameter: string, run: Run): ApiError {
  const status = run.status?.(code);
  return new ApiError(code, status === undefined ? { parameter } : { parameter, status });
}
