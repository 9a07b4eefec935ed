// NextToken: where the next page begins, bound to the query that it was made for. It is no secret and
// no permission, since each page is read within the caller's own scope; a token that is broken, of
// another version or of another query is refused instead of answering some other page.
import { createHash } from 'node:crypto';

const VERSION = 1;

/** The sort key of the last row on the page. */
export type Position = readonly (string | number)[];

/** Names a query: the same for every page of it, another one for other filters or scopes. */
export const queryHash = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

export const pageToken = (query: string, after: Position): string =>
  Buffer.from(JSON.stringify({ v: VERSION, q: query, a: after })).toString('base64url');

/** The position in a token of this query, whose members have the types of `shape`. */
export const readPageToken = <const Shape extends readonly ('string' | 'number')[]>(
  token: string,
  query: string,
  shape: Shape,
): { [I in keyof Shape]: Shape[I] extends 'string' ? string : number } | undefined => {
  const text = Buffer.from(token, 'base64url');
  if (text.toString('base64url') !== token) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null) return undefined;
  const { v, q, a } = body as Partial<Record<'v' | 'q' | 'a', unknown>>;
  if (v !== VERSION || q !== query || !Array.isArray(a) || a.length !== shape.length)
    return undefined;
  const fits = a.every((member, i) =>
    shape[i] === 'number' ? Number.isSafeInteger(member) : typeof member === 'string',
  );
  // Checked member by member just above.
  return fits ? (a as never) : undefined;
};
