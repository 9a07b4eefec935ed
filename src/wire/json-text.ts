// JSON that a client sent, read so that nothing is lost and nothing can hurt: bounded depth and
// size, a member given twice is refused (not "the last wins"), and numbers keep their spelling,
// because `1e3` and 9007199254740993 must reach the decoder as they were written.

/** Deepest nesting accepted; the deepest schema needs four. */
export const maxJsonDepth = 8;
/** Most members and list entries accepted in one text. */
export const maxJsonMembers = 1000;

interface RawNumber {
  readonly rawJSON: string;
}

// The standard's raw JSON (built into Node 22 and later) is missing from the es2024 typings.
const rawJson = JSON as unknown as {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
};

/** The value of a JSON text, numbers kept raw; undefined if the text is not acceptable JSON. */
export function parseJsonText(text: string): unknown {
  const shape = measure(text);
  if (shape.depth > maxJsonDepth || shape.members > maxJsonMembers) return undefined;
  try {
    const value = rawJson.parse(text, (_key, member, { source }) =>
      typeof member === 'number' && source !== undefined ? rawJson.rawJSON(source) : member,
    );
    return countNames(value) === shape.names ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The members of a JSON object; undefined if the value is anything else. */
export function membersOf(value: unknown): Array<[string, unknown]> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) || rawJson.isRawJSON(value)) return undefined;
  return Object.entries(value);
}

/** A JSON value as parameter text: scalars as they were written, null as empty, the rest as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return rawJson.isRawJSON(value) ? value.rawJSON : JSON.stringify(value);
}

/** One pass over the text, before anything is built from it. */
function measure(text: string): { depth: number; members: number; names: number } {
  let depth = 0;
  let deepest = 0;
  let commas = 0;
  let names = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') i = endOfString(text, i);
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
    else if (char === ',') commas++;
    else if (char === ':') names++;
  }
  return { depth: deepest, members: commas + 1, names };
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}

/** Fewer names in the value than in the text: one was given twice. Depth is bounded by now. */
function countNames(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countNames(item), 0);
  const members = membersOf(value);
  return members?.reduce((sum, [, member]) => sum + 1 + countNames(member), 0) ?? 0;
}
