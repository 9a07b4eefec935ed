// A loopback server below HTTP: it keeps the exact bytes that a client wrote, cuts them into
// requests by itself (no node:http, so nothing is normalised on the way) and answers each with a
// minimal success. It must never repair what a client sent.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import type { WireRequest } from '../../src/wire/request.ts';

const answerBody = '{"RequestId":"00000000-0000-4000-8000-000000000000"}';
const answer =
  'HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=utf-8\r\n' +
  `Content-Length: ${answerBody.length}\r\n\r\n${answerBody}`;

export interface Recorder extends AsyncDisposable {
  readonly port: number;
  /** The requests since the last call, in order of arrival. */
  take(): WireRequest[];
}

interface Cut<T> {
  readonly value: T;
  /** Offset of the first byte after the value. */
  readonly end: number;
}

/** Reads a chunked body; undefined while bytes are missing. Extensions and trailers: not used. */
const cutChunked = (bytes: Buffer, start: number): Cut<Buffer> | undefined => {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const sizeBytes = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + sizeBytes + 2;
    if (bytes.length < end) return undefined;
    if (sizeBytes === 0) return { value: Buffer.concat(chunks), end };
    chunks.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
};

/** Cuts one request off the front of the bytes; undefined while bytes are missing. */
export const cutRequest = (bytes: Buffer): Cut<WireRequest> | undefined => {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [requestLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const [method = '', target = '', protocol] = requestLine.split(' ');
  if (protocol !== 'HTTP/1.1') throw new Error(`not a request line: ${requestLine}`);
  const rawHeaders: string[] = [];
  let lengthBytes = 0;
  let chunked = false;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    rawHeaders.push(name, value);
    if (name.toLowerCase() === 'content-length') lengthBytes = Number(value);
    if (name.toLowerCase() === 'transfer-encoding') chunked = value === 'chunked';
  }
  const start = headEnd + 4;
  const body = chunked
    ? cutChunked(bytes, start)
    : bytes.length < start + lengthBytes
      ? undefined
      : { value: bytes.subarray(start, start + lengthBytes), end: start + lengthBytes };
  if (body === undefined) return undefined;
  const request = { method, target, rawHeaders, body: new Uint8Array(body.value) };
  return { value: request, end: body.end };
};

export const startRecorder = async (): Promise<Recorder> => {
  let requests: WireRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', (data) => {
      bytes = Buffer.concat([bytes, data]);
      for (let cut = cutRequest(bytes); cut !== undefined; cut = cutRequest(bytes)) {
        requests.push(cut.value);
        bytes = bytes.subarray(cut.end);
        socket.write(answer);
      }
    });
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `address()` is a text only for a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    take() {
      const taken = requests;
      requests = [];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
