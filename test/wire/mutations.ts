// One-bit changes of a signed request, part by part. A part is a run of bytes that the signature
// covers (or that carries the signature); parameters are changed below their percent-encoding, so
// that a change is always a change of meaning. The access key id of V3's Authorization is left
// alone: another id is another secret, and that is looked up before anything is verified.
import type { WireRequest } from '../../src/wire/request.ts';
import { below, type Random } from './seeded.ts';

export interface Part {
  readonly what: string;
  readonly bytes: Uint8Array;
  rebuild(bytes: Uint8Array): WireRequest;
}

export interface Mutation {
  readonly what: string;
  readonly request: WireRequest;
}

const utf8 = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const asLatin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

const encodedByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[\w.~-]/.test(character)
    ? character
    : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/** Percent-encodes everything outside `A-Za-z0-9-_.~`. */
export const encodeBytes = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += encodedByte[byte];
  return text;
};

const decode = (text: string) => decodeURIComponent(text.replaceAll('+', '%20'));

/** The raw `name=value` segments of a query or form, decoded. */
export const decodePairs = (raw: string): [name: string, value: string][] =>
  raw
    .split('&')
    .filter((segment) => segment !== '')
    .map((segment) => {
      const [name = '', ...value] = segment.split('=');
      return [decode(name), decode(value.join('='))];
    });

export const splitTarget = ({ target }: WireRequest): [path: string, query: string] => {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
};

export const headerOf = ({ rawHeaders }: WireRequest, name: string): string | undefined => {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return at < 0 ? undefined : rawHeaders[at + 1];
};

export const isForm = (request: WireRequest): boolean =>
  headerOf(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;

const withHeader = (request: WireRequest, name: string, value: string): WireRequest => ({
  ...request,
  rawHeaders: request.rawHeaders.map((text, index, all) =>
    index % 2 === 1 && all[index - 1]?.toLowerCase() === name ? value : text,
  ),
});

/** Names and values of the raw segments as parts; `join` puts the changed text back. */
const pairParts = (raw: string, from: string, join: (raw: string) => WireRequest): Part[] => {
  const segments = raw.split('&').filter((segment) => segment !== '');
  return decodePairs(raw).flatMap(([name, value], index) => {
    const put = (segment: string) => join(segments.with(index, segment).join('&'));
    const encodedName = encodeBytes(utf8(name));
    const encodedValue = encodeBytes(utf8(value));
    return [
      {
        what: `${from} name ${name}`,
        bytes: utf8(name),
        rebuild: (bytes) => put(`${encodeBytes(bytes)}=${encodedValue}`),
      },
      {
        what: `${from} value of ${name}`,
        bytes: utf8(value),
        rebuild: (bytes) => put(`${encodedName}=${encodeBytes(bytes)}`),
      },
    ] satisfies Part[];
  });
};

/** The parts of V3's Authorization header, and the values of the headers that it lists. */
const headerParts = (request: WireRequest): Part[] => {
  const authorization = headerOf(request, 'authorization') ?? '';
  const [, algorithm, signed, signature] =
    /^(\S+) Credential=[^,]*,SignedHeaders=([^,]*),Signature=(.*)$/.exec(authorization) ?? [];
  if (algorithm === undefined || signed === undefined || signature === undefined) {
    throw new Error(`not a V3 Authorization: ${authorization}`);
  }
  const within = (what: string, text: string): Part => ({
    what,
    bytes: latin1(text),
    rebuild: (bytes) => {
      const changed = authorization.replace(text, () => asLatin1(bytes));
      return withHeader(request, 'authorization', changed);
    },
  });
  return [
    within('algorithm', algorithm),
    within('signed-headers', signed),
    within('signature', signature),
    ...signed.split(';').map((name) => ({
      what: `value of ${name}`,
      bytes: latin1(headerOf(request, name) ?? ''),
      rebuild: (bytes: Uint8Array) => withHeader(request, name, asLatin1(bytes)),
    })),
  ];
};

export const partsOf = (request: WireRequest): Part[] => {
  const [path, query] = splitTarget(request);
  const body = Buffer.from(request.body);
  const isV3 = headerOf(request, 'authorization') !== undefined;
  const parts: Part[] = [
    {
      what: 'method',
      bytes: latin1(request.method),
      rebuild: (bytes) => ({ ...request, method: asLatin1(bytes) }),
    },
    ...pairParts(query, 'query', (raw) => ({ ...request, target: `${path}?${raw}` })),
  ];
  if (isV3) parts.push(...headerParts(request));
  if (isV3 && body.length > 0) {
    parts.push({ what: 'body', bytes: body, rebuild: (bytes) => ({ ...request, body: bytes }) });
  } else if (isForm(request)) {
    const join = (raw: string) => ({ ...request, body: utf8(raw) });
    parts.push(...pairParts(body.toString('utf8'), 'body', join));
  }
  return parts;
};

const flip = (part: Part, byteIndex: number, bit: number): Mutation => {
  const byte = part.bytes[byteIndex];
  // An empty part has no bit; it gets a character where there was none.
  if (byte === undefined) return { what: part.what, request: part.rebuild(latin1('a')) };
  const bytes = Uint8Array.from(part.bytes);
  bytes[byteIndex] = byte ^ (1 << bit);
  return { what: `${part.what}, byte ${byteIndex} bit ${bit}`, request: part.rebuild(bytes) };
};

/** One bit of every part, chosen by the seed. */
export function* oneBitOfEachPart(request: WireRequest, random: Random): Generator<Mutation> {
  for (const part of partsOf(request)) {
    yield flip(part, below(random, part.bytes.length), below(random, 8));
  }
}

/** One bit of every byte of every part, chosen by the seed. */
export function* oneBitOfEachByte(request: WireRequest, random: Random): Generator<Mutation> {
  for (const part of partsOf(request)) {
    for (let index = 0; index < Math.max(1, part.bytes.length); index += 1) {
      yield flip(part, index, below(random, 8));
    }
  }
}

/** Every bit of every byte of every part. */
export function* everyBit(request: WireRequest): Generator<Mutation> {
  for (const part of partsOf(request)) {
    for (let index = 0; index < Math.max(1, part.bytes.length); index += 1) {
      for (let bit = 0; bit < 8; bit += 1) yield flip(part, index, bit);
    }
  }
}

/** The same request with its query spelled otherwise: order, case of hex, what is encoded. */
export const respell = (request: WireRequest): WireRequest => {
  const [path, query] = splitTarget(request);
  const spell = (text: string) =>
    text === ''
      ? ''
      : Array.from(utf8(text), (byte) =>
          byte === 0x20 ? '+' : `%${byte.toString(16).padStart(2, '0')}`,
        ).join('');
  const pairs = decodePairs(query).toReversed();
  const raw = pairs.map(([name, value]) => `${spell(name)}=${spell(value)}`).join('&');
  return { ...request, target: query === '' ? request.target : `${path}?${raw}` };
};
