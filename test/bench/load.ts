// Sends prepared requests over keep-alive connections and counts the answers. It reads no more of an
// answer than its status and length, as bytes, so that the client costs less than the server it drives.
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  answered: number;
  /** Answers with another status than 200. */
  failed: number;
  elapsedMs: number;
  /** Body of the first answer, to see what was measured. */
  sample: string;
}

/** One request at a time on a connection: no client of this API sends a second before its answer. */
export const runLoad = async (
  port: number,
  requests: readonly Buffer[],
  connections: number,
): Promise<LoadResult> => {
  const result: LoadResult = { answered: 0, failed: 0, elapsedMs: 0, sample: '' };
  let next = 0;
  const take = (): Buffer | undefined => requests[next++];
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: connections }, () => driveConnection(port, take, result)));
  result.elapsedMs = performance.now() - startedAt;
  return result;
};

const driveConnection = (
  port: number,
  take: () => Buffer | undefined,
  result: LoadResult,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let rest: Buffer | undefined;
    const send = (): void => {
      const request = take();
      if (request === undefined) socket.end();
      else socket.write(request);
    };
    socket.on('connect', send);
    socket.on('data', (chunk: Buffer) => {
      const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      if (!isWhole(bytes)) {
        rest = bytes;
        return;
      }
      rest = undefined;
      count(bytes, result);
      send();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = Buffer.from('content-length: ');
const STATUS_AT = 'HTTP/1.1 '.length;

const isWhole = (bytes: Buffer): boolean => {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return false;
  let at = bytes.indexOf(LENGTH) + LENGTH.length;
  let length = 0;
  for (; bytes[at]! >= 0x30 && bytes[at]! <= 0x39; at++) length = length * 10 + bytes[at]! - 0x30;
  return bytes.length >= headEnd + HEAD_END.length + length;
};

const count = (bytes: Buffer, result: LoadResult): void => {
  result.answered += 1;
  // '2', '0', '0'
  const isOk =
    bytes[STATUS_AT] === 0x32 && bytes[STATUS_AT + 1] === 0x30 && bytes[STATUS_AT + 2] === 0x30;
  if (!isOk) result.failed += 1;
  if (result.sample === '' || !isOk)
    result.sample = bytes.toString('latin1', bytes.indexOf(HEAD_END) + HEAD_END.length);
};
