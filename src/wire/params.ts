// Turns the target and the body of a request into one list of parameters, each name once. This is
// the only place that parses them: the signature is verified over exactly this list, and the input
// of the operation is built from exactly this list. It must never guess: what is malformed, double
// or of unknown content type is refused.
import { isUtf8 } from 'node:buffer';
import { ApiError } from '../errors.ts';
import { headerOf, requireSingleHeaders } from './headers.ts';
import { membersOf, parseJsonText, textOf } from './json-text.ts';
import type { Parameter, WireRequest } from './request.ts';
import { systemNames } from './system-names.ts';

/** Decoded parameters by name. A Map, so that no name can reach an object's prototype. */
export type ParameterMap = ReadonlyMap<string, string>;

/** The parameters of a request: all in wire order, and parted into the envelope's and the operation's. */
export interface Parameters {
  readonly list: readonly Parameter[];
  readonly system: ParameterMap;
  readonly business: ParameterMap;
}

/** Most parameters in one request. */
export const maxParameters = 1000;

// ASCII only: all sorting orders agree. `#` occurs in the map keys of the Tea SDKs; it is the only
// letter of a name that percent-encoding changes.
const validName = /^[A-Za-z#][A-Za-z0-9_.#-]{0,255}$/;

/**
 * All parameters of a request in wire order, query first. Refuses: another method than GET or
 * POST, deciding headers given twice, compressed bodies, a GET with a body, malformed encoding,
 * bad names, a name given twice, too many parameters.
 */
export function parseParameters(request: WireRequest): Parameters {
  requireSingleHeaders(request);
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new ApiError('UnsupportedHTTPMethod');
  }
  const encoding = headerOf(request, 'content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw new ApiError('UnsupportedContent.Encoding');
  const found = new Found();
  const mark = request.target.indexOf('?');
  if (mark >= 0) readPairs(request.target.slice(mark + 1), 'query', found);
  if (request.body.length > 0) readBody(request, found);
  return found;
}

/** Path and query (without `?`) of a target in origin form (`/?a=b`) or absolute form. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const local = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  const end = local.search(/[?#]/);
  return { path: (end < 0 ? local : local.slice(0, end)) || '/', query };
}

class Found implements Parameters {
  readonly list: Parameter[] = [];
  readonly system = new Map<string, string>();
  readonly business = new Map<string, string>();

  /** Asked before a parameter is decoded, so that a flood costs no more than the limit. */
  checkRoom(): void {
    if (this.list.length >= maxParameters) throw new ApiError('RequestTooLarge.Parameters');
  }

  add(name: string, value: string, from: Parameter['from']): void {
    const part = systemNames.has(name) ? this.system : this.business;
    if (part.has(name)) {
      throw invalid(name, `The specified parameter "${name}" is given more than once.`);
    }
    part.set(name, value);
    this.list.push({ name, value, from });
  }
}

/** What a target may not hold: it is printable ASCII. A form may hold UTF-8 as it is, but no NUL. */
const unfit = { query: /[^\x21-\x7e]/, body: /\0/ } as const;

/** By the engine's own searches, which are faster than a look at each character. */
function readPairs(text: string, from: Parameter['from'], found: Found): void {
  if (unfit[from].test(text)) throw invalid(from);
  let start = 0;
  while (start < text.length) {
    const next = text.indexOf('&', start);
    const end = next < 0 ? text.length : next;
    if (end > start) addPair(text.slice(start, end), from, found);
    start = end + 1;
  }
}

function addPair(pair: string, from: Parameter['from'], found: Found): void {
  found.checkRoom();
  const equals = pair.indexOf('=');
  const name = equals < 0 ? pair : pair.slice(0, equals);
  const value = equals < 0 ? '' : pair.slice(equals + 1);
  if (!pair.includes('%') && !pair.includes('+')) {
    found.add(requireName(name), value, from);
    return;
  }
  const decodedName = requireName(decodePart(name, 'name'));
  found.add(decodedName, decodePart(value, decodedName), from);
}

/** `+` and `%20` are both a space. `decodeURIComponent` refuses bad `%` and invalid UTF-8. */
function decodePart(part: string, name: string): string {
  const spaced = part.includes('+') ? part.replaceAll('+', ' ') : part;
  if (!spaced.includes('%')) return spaced;
  let decoded: string;
  try {
    decoded = decodeURIComponent(spaced);
  } catch {
    throw invalid(name);
  }
  if (decoded.includes('\0')) throw invalid(name);
  return decoded;
}

function readBody(request: WireRequest, found: Found): void {
  if (request.method === 'GET') {
    throw invalid('body', 'A GET request must not have a body.');
  }
  const { buffer, byteOffset, byteLength } = request.body;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  if (!isUtf8(bytes)) throw invalid('body');
  const mediaType = headerOf(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-www-form-urlencoded') {
    readPairs(bytes.toString(), 'body', found);
  } else if (mediaType === 'application/json' && isV3(request)) {
    readJson(bytes.toString(), found);
  } else {
    throw invalid('Content-Type');
  }
}

/** V1 signs parameters, and so has no use for a body that is not a form. */
const isV3 = (request: WireRequest): boolean =>
  headerOf(request, 'authorization')?.startsWith('ACS3-') ?? false;

function readJson(text: string, found: Found): void {
  const members = membersOf(parseJsonText(text));
  if (members === undefined) throw invalid('body', 'The request body is not acceptable JSON.');
  for (const [key, member] of members) {
    found.checkRoom();
    const name = requireName(key);
    const value = textOf(member);
    if (value.includes('\0') || !value.isWellFormed()) throw invalid(name);
    found.add(name, value, 'body');
  }
}

function requireName(name: string): string {
  if (!validName.test(name)) {
    throw invalid('name', 'The request has a parameter whose name is not valid.');
  }
  return name;
}

const invalid = (parameter: string, message?: string): ApiError =>
  new ApiError('InvalidParameter', message === undefined ? { parameter } : { message });
