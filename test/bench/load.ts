// Sends prepared requests over a few keep-alive connections and counts the answers. It reads no more
// of an answer than its status and length, so that the client costs less than the server it drives.
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  answered: number;
  /** Answers with another status than 200. */
  failed: number;
  elapsedMs: number;
  /** Body of the first answer, to see what was measured. */
  sample: string;
}

/** Requests under way on one connection at once: no client of this API sends a second before its answer. */
const PIPELINE = 1;

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
    let rest = '';
    let underway = 0;
    const send = (): void => {
      const batch: Buffer[] = [];
      while (underway < PIPELINE) {
        const request = take();
        if (request === undefined) break;
        batch.push(request);
        underway += 1;
      }
      if (batch.length > 0) socket.write(Buffer.concat(batch));
      else if (underway === 0) socket.end();
    };
    socket.on('connect', send);
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1');
      const read = readAnswers(rest, result);
      rest = rest.slice(read.consumed);
      underway -= read.count;
      if (underway <= PIPELINE / 2) send();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });

/** Counts the whole answers at the start of `text`. */
const readAnswers = (text: string, result: LoadResult): { consumed: number; count: number } => {
  let at = 0;
  let count = 0;
  for (;;) {
    const headEnd = text.indexOf('\r\n\r\n', at);
    if (headEnd === -1) break;
    const length = Number(/content-length: (\d+)/i.exec(text.slice(at, headEnd))?.[1] ?? 0);
    const end = headEnd + 4 + length;
    if (end > text.length) break;
    if (text.slice(at + 9, at + 12) !== '200') result.failed += 1;
    if (result.sample === '') result.sample = text.slice(headEnd + 4, end);
    result.answered += 1;
    count += 1;
    at = end;
  }
  return { consumed: at, count };
};
