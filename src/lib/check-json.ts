// Whether a JSON value is what a schema says, and if not, what is wrong where: `Images[3].ImageFamly:
// there is no such key. Did you mean ImageFamily?`. For files that people write by hand: unlike the
// decoder of the wire it knows numbers and nesting, and takes nothing that it does not know.
import { suggestion } from './nearest.ts';
import { asNode, type SchemaNode, type TSchema } from './schema.ts';

export interface JsonFault {
  /** `Images[3].Tags[0].Key`; empty for the whole. */
  path: string;
  /** One sentence. */
  message: string;
}

/** The first thing that is wrong, in the order of the schema. */
export const checkJson = (schema: TSchema, value: unknown): JsonFault | undefined =>
  check(asNode(schema), value, '');

/** `path: message`, or the message alone. */
export const faultText = ({ path, message }: JsonFault): string =>
  path === '' ? message : `${path}: ${message}`;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const check = (node: SchemaNode, value: unknown, path: string): JsonFault | undefined => {
  if (node.properties !== undefined) return checkObject(node, value, path);
  if (node.items !== undefined) return checkList(node, node.items, value, path);
  const message = node.type === 'string' ? textFault(node, value) : otherFault(node, value);
  return message === undefined ? undefined : { path, message };
};

const checkObject = (node: SchemaNode, value: unknown, path: string): JsonFault | undefined => {
  if (!isRecord(value)) return { path, message: `expected an object, found ${kindOf(value)}.` };
  const { properties = {}, required = [] } = node;
  const names = Object.keys(properties);
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(properties, key)) continue;
    const more = suggestion(key, names) || ` It knows ${names.join(', ')}.`;
    return { path: join(path, key), message: `there is no such key.${more}` };
  }
  for (const name of names) {
    if (Object.hasOwn(value, name)) {
      const fault = check(properties[name]!, value[name], join(path, name));
      if (fault !== undefined) return fault;
    } else if (required.includes(name))
      return { path: join(path, name), message: 'it is missing.' };
  }
  return undefined;
};

const checkList = (
  { maxItems = Infinity }: SchemaNode,
  item: SchemaNode,
  value: unknown,
  path: string,
): JsonFault | undefined => {
  if (!Array.isArray(value)) return { path, message: `expected a list, found ${kindOf(value)}.` };
  if (value.length > maxItems)
    return { path, message: `at most ${maxItems} entries, and it has ${value.length}.` };
  for (const [i, one] of value.entries()) {
    const fault = check(item, one, `${path}[${i}]`);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

const textFault = (node: SchemaNode, value: unknown): string | undefined => {
  if (typeof value !== 'string') return `expected a text, found ${kindOf(value)}.`;
  const { enum: words, maxLength = Infinity, pattern, description } = node;
  if (words !== undefined && !words.includes(value))
    return `expected ${words.join(', ')}, found ${JSON.stringify(value.slice(0, 64))}.${suggestion(value, words)}`;
  if ([...value].length > maxLength) return `at most ${maxLength} characters.`;
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value))
    return `${JSON.stringify(value.slice(0, 64))} does not fit.${description ? ` ${description}` : ''}`;
  return undefined;
};

const otherFault = (
  { type, minimum = -Infinity, maximum = Infinity }: SchemaNode,
  value: unknown,
): string | undefined => {
  if (type === 'boolean')
    return typeof value === 'boolean'
      ? undefined
      : `expected true or false, found ${kindOf(value)}.`;
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    return `expected a whole number, found ${kindOf(value)}.`;
  return value < minimum || value > maximum
    ? `expected a number from ${minimum} to ${maximum}, found ${value}.`
    : undefined;
};

const join = (path: string, key: string): string => {
  const shown = /^[A-Za-z$][\w$-]{0,63}$/.test(key) ? key : JSON.stringify(key.slice(0, 64));
  return path === '' ? shown : `${path}.${shown}`;
};

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const kinds: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    boolean: value === true ? 'true' : 'false',
  };
  return kinds[typeof value] ?? 'an object';
};
