import { membersOf, parseJsonText, textOf } from './json-text.ts';

/** What came under one name: its own text (`Tag=…`), or what stands below it (`Tag.1.Key=…`). */
export interface Sent {
  bare: string | undefined;
  below: Array<readonly [path: string, value: string]> | undefined;
  /** Whether any of it is more than an empty text. */
  filled: boolean;
}

/** Longest JSON text of one parameter, in characters. */
export const maxJsonLength = 65_536;

const index = /^[1-9]\d{0,2}$/;
const memberName = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/;

export const newSent = (): Sent => ({ bare: undefined, below: undefined, filled: false });

export const isIndex = (segment: string): boolean => index.test(segment);

/** `Tag.1.Key` → [`Tag`, `1.Key`]; the rest is undefined when there is no dot. */
export function firstSegment(path: string): [head: string, rest: string | undefined] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)];
}

/** False when a name would be both a value and a list, or the same value twice. */
export function add(sent: Sent, rest: string | undefined, value: string): boolean {
  if (sent.bare !== undefined || (rest === undefined && sent.below !== undefined)) return false;
  if (rest === undefined) sent.bare = value;
  else (sent.below ??= []).push([rest, value]);
  if (value !== '') sent.filled = true;
  return true;
}

/**
 * JSON given for a whole struct or list, as if its leaves had come as parameters of their own;
 * undefined if the text is not such JSON. A member name that no parameter could have goes to
 * `unknown` and is left out.
 */
export function expandJson(
  text: string,
  kind: 'object' | 'array',
  unknown: (name: string) => void,
): Array<readonly [string, string]> | undefined {
  const value = text.length > maxJsonLength ? undefined : parseJsonText(text);
  const fits = kind === 'array' ? Array.isArray(value) : membersOf(value) !== undefined;
  if (!fits) return undefined;
  const leaves: Array<readonly [string, string]> = [];
  flatten(value, '', leaves, unknown);
  return leaves;
}

/** Recursion is bounded: `parseJsonText` refuses deep texts. */
function flatten(
  value: unknown,
  path: string,
  leaves: Array<readonly [string, string]>,
  unknown: (name: string) => void,
): void {
  const members = Array.isArray(value)
    ? value.map((item: unknown, i): [string, unknown] => [String(i + 1), item])
    : membersOf(value);
  if (members === undefined) {
    leaves.push([path, textOf(value)]);
    return;
  }
  for (const [name, member] of members) {
    if (Array.isArray(value) || memberName.test(name)) {
      flatten(member, path === '' ? name : `${path}.${name}`, leaves, unknown);
    } else {
      unknown('(member)');
    }
  }
}
