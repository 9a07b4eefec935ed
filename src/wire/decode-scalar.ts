import type { SchemaNode } from '../lib/schema.ts';

/** The value of a text, or `refused` if the text breaks the node's rules. */
export type ScalarReader = (text: string) => string | number | boolean | typeof refused;
export const refused = Symbol('refused');

/** Longest text of a node that names no maximum, in characters. */
export const maxTextLength = 65_536;

// Controls but tab and newline; the overrides and isolates that reorder text on a screen; the two
// code points that XML cannot hold.
const forbidden = /[[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]--[\t\n]]/v;
const digits = /^(?:0|[1-9]\d{0,15})$/;

/** A reader for a node of type string, integer or boolean; undefined for other types. */
export function scalarReader(node: SchemaNode): ScalarReader | undefined {
  if (node.type === 'string') return stringReader(node);
  if (node.type === 'integer') return integerReader(node);
  if (node.type === 'boolean') return readBoolean;
  return undefined;
}

function stringReader(node: SchemaNode): ScalarReader {
  const { minLength = 0, maxLength = maxTextLength } = node;
  const pattern = node.pattern === undefined ? undefined : new RegExp(node.pattern, 'u');
  const choices = node.enum === undefined ? undefined : new Set(node.enum);
  return (text) => {
    // Cheap bounds first, so that no pattern ever runs over a long text.
    if (text.length > 2 * maxLength || forbidden.test(text) || !text.isWellFormed()) return refused;
    if (!hasLength(text, minLength, maxLength)) return refused;
    if (choices !== undefined && !choices.has(text)) return refused;
    return pattern === undefined || pattern.test(text) ? text : refused;
  };
}

/** Lengths count code points; most texts need no counting, for UTF-16 units are at most double. */
function hasLength(text: string, min: number, max: number): boolean {
  if (text.length >= 2 * min && text.length <= max) return true;
  let count = 0;
  for (const _ of text) count++;
  return count >= min && count <= max;
}

function integerReader(node: SchemaNode): ScalarReader {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER, clamp = false } = node;
  return (text) => {
    const value = digits.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < minimum) return refused;
    if (value <= maximum) return value;
    return clamp ? maximum : refused;
  };
}

const readBoolean: ScalarReader = (text) => {
  if (/^true$/i.test(text)) return true;
  return /^false$/i.test(text) ? false : refused;
};
