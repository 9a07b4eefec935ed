// Headers as a signer sees them: lower-case names, values trimmed, every repetition kept. Values
// are byte strings (one char per byte), as node reads them. Works from the raw list, because a
// parsed header object silently drops or joins repetitions.
import { ApiError } from '../errors.ts';
import type { Headers, WireRequest } from './request.ts';

/** Headers that decide who asks for what. A second one would mean two truths. */
const single: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'content-type',
  'content-encoding',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
  'x-acs-content-sm3',
  'x-acs-accesskey-id',
  'x-acs-security-token',
  'x-acs-bearer-token',
]);

export function headersOf(request: WireRequest): Headers {
  if (request.headers?.raw === request.rawHeaders) return request.headers;
  const first = new Map<string, string>();
  const repeated = new Map<string, string[]>();
  const raw = request.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    const value = trim(raw[i + 1] ?? '');
    const before = first.get(name);
    const all = repeated.get(name);
    if (before === undefined) first.set(name, value);
    else if (all === undefined) repeated.set(name, [before, value]);
    else all.push(value);
  }
  request.headers = { raw, first, repeated };
  return request.headers;
}

/** The first value of a header, or undefined. */
export const headerOf = (request: WireRequest, name: string): string | undefined =>
  headersOf(request).first.get(name);

/** Refuses a request that gives one of the deciding headers more than once. */
export function requireSingleHeaders(request: WireRequest): void {
  for (const name of headersOf(request).repeated.keys()) {
    if (single.has(name)) {
      throw new ApiError('InvalidProtocol.Malformed', {
        parameter: `the header ${name} is given more than once`,
      });
    }
  }
}

/** Blanks of HTTP only: `String.trim` would eat 0xA0, which may be half of a UTF-8 character. */
function trim(value: string): string {
  const isBlank = (at: number): boolean => value[at] === ' ' || value[at] === '\t';
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return start === 0 && end === value.length ? value : value.slice(start, end);
}
