// Bytes on a socket, as an attacker writes them, and whatever comes back until the server closes or
// falls silent. No HTTP library stands in between.
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { TestServer } from '../../src/testing/server.ts';
import type { WireRequest } from '../../src/wire/request.ts';

export interface RawAnswer {
  /** Status of each answer that came, in order. */
  statuses: number[];
  /** The error code in the first body, or OK. */
  code: string;
  text: string;
  /** Whether the server closed the connection. */
  isClosed: boolean;
}

/** How long a server may think before it counts as silent. */
const SILENCE_MS = 10_000;

type Address = Pick<TestServer, 'host' | 'port'>;

/** Reads one whole answer and, if `Connection: close` stands in it, waits for the end. */
export const readAnswer = async (socket: Socket, answers = 1): Promise<RawAnswer> => {
  let text = '';
  let isClosed = false;
  let wake: () => void = () => undefined;
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  const end = (): void => {
    isClosed = true;
    wake();
  };
  socket.on('close', end).on('end', end).on('error', end);
  const lastMs = performance.now() + SILENCE_MS;
  while (!isClosed && performance.now() < lastMs) {
    if (statusesOf(text).length >= answers && !/\r\nconnection: close\r\n/i.test(text)) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, 500).unref();
    });
  }
  const code = /"Code":"([^"]+)"|<Code>([^<]+)</.exec(text)?.slice(1).find(Boolean) ?? 'OK';
  return { statuses: statusesOf(text), code, text, isClosed };
};

/** Statuses of the answers that are there whole; anything between two answers makes it throw. */
const statusesOf = (text: string): number[] => {
  const statuses: number[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\r\n\r\n', at);
    if (end < 0) break;
    const head = text.slice(at, end + 2);
    const status = /^HTTP\/1\.1 (\d{3}) [\x20-\x7e]*\r\n/.exec(head)?.[1];
    if (status === undefined) throw new Error(`not an answer: ${text.slice(at)}`);
    at = end + 4 + Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1] ?? 0);
    // Node's own refusals have an empty chunked body.
    if (/\r\ntransfer-encoding: chunked\r\n/i.test(head)) at += '0\r\n\r\n'.length;
    if (at <= text.length) statuses.push(Number(status));
  }
  return statuses;
};

export const openSocket = async ({ host, port }: Address): Promise<Socket> => {
  const socket = connect(port, host);
  await once(socket, 'connect');
  return socket;
};

/** Writes the bytes on a connection of their own. */
export const sendRaw = async (
  address: Address,
  bytes: string | Uint8Array,
  answers = 1,
): Promise<RawAnswer> => {
  const socket = await openSocket(address);
  const answer = readAnswer(socket, answers);
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  try {
    return await answer;
  } finally {
    socket.destroy();
  }
};

/** An honest request as bytes. */
export const toBytes = ({ method, target, rawHeaders, body }: WireRequest): Buffer => {
  let head = `${method} ${target} HTTP/1.1\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2)
    head += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  if (body.length > 0) head += `content-length: ${body.length}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), body]);
};

export const send = (address: Address, request: WireRequest): Promise<RawAnswer> =>
  sendRaw(address, toBytes(request));
