// Reads the HTTP messages out of the bytes of one direction of a connection, without taking part in it:
// the bytes go on unchanged whatever is found here. Only what the recorder needs is kept: the first
// line, the headers, and a body of up to 1 MiB.

export interface HttpMessage {
  /** `GET /?Action=… HTTP/1.1` or `HTTP/1.1 200 OK`. */
  readonly start: string;
  /** Names in lower case; of a name that comes twice the last. */
  readonly headers: ReadonlyMap<string, string>;
  /** Empty when it is longer than what is kept. */
  readonly body: Buffer;
}

const MAX_BODY_BYTES = 1024 * 1024;
const LINE_END = Buffer.from('\r\n');

/** What the reader waits for: a line, or so many bytes. */
type Wanted = 'line' | number;

export interface Side {
  /** Whether the message that begins so has no body, whatever its headers say (an answer to HEAD). */
  isBodiless(start: string): boolean;
  seen(message: HttpMessage): void;
}

/** A function to give the bytes to, in the order in which they come. */
export const httpMessages = (side: Side): ((bytes: Buffer) => void) => {
  const reader = read(side);
  let wanted = reader.next().value as Wanted;
  let left: Buffer = Buffer.alloc(0);
  let skipped = 0;
  return (bytes) => {
    left = left.length === 0 ? bytes : Buffer.concat([left, bytes]);
    for (;;) {
      if (typeof wanted === 'number' && wanted > MAX_BODY_BYTES) {
        const taken = Math.min(left.length, wanted - skipped);
        skipped += taken;
        left = left.subarray(taken);
        if (skipped < wanted) return;
        skipped = 0;
        wanted = reader.next(Buffer.alloc(0)).value as Wanted;
        continue;
      }
      const length = wanted === 'line' ? left.indexOf(LINE_END) : wanted;
      if (length < 0 || left.length < length) return;
      const found = left.subarray(0, length);
      left = left.subarray(wanted === 'line' ? length + LINE_END.length : length);
      wanted = reader.next(found).value as Wanted;
    }
  };
};

function* read(side: Side): Generator<Wanted, never, Buffer> {
  for (;;) {
    const start = (yield 'line').toString('latin1');
    if (start === '') continue;
    const headers = yield* readHeaders();
    const body = side.isBodiless(start) ? [] : yield* readBody(headers);
    side.seen({ start, headers, body: Buffer.concat(body) });
  }
}

function* readHeaders(): Generator<Wanted, ReadonlyMap<string, string>, Buffer> {
  const headers = new Map<string, string>();
  for (;;) {
    const line = (yield 'line').toString('latin1');
    if (line === '') return headers;
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
}

function* readBody(headers: ReadonlyMap<string, string>): Generator<Wanted, Buffer[], Buffer> {
  if (!/\bchunked$/i.test(headers.get('transfer-encoding') ?? ''))
    return [yield Number(headers.get('content-length') ?? 0)];
  const chunks: Buffer[] = [];
  for (;;) {
    const sizeBytes = Number.parseInt((yield 'line').toString('latin1'), 16);
    if (sizeBytes === 0) break;
    chunks.push(yield sizeBytes);
    yield 'line';
  }
  yield* readHeaders();
  return chunks;
}
