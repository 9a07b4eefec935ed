// The object door of a Kindred in the process, behind a real port, for requests that are signed by hand: to
// be able to send what no client of OSS would.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { makeHttpServer } from '../server/http.ts';
import { makeOssDoor } from '../server/oss/door.ts';
import { readOssRequest } from '../wire/oss-request.ts';
import { signOssV1 } from '../wire/oss-signature-v1.ts';
import { kindred, type HarnessOptions } from './harness.ts';

export interface Sent {
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  key?: { accessKeyId: string; accessKeySecret: string };
  dateMs?: number;
}

export interface Received {
  status: number;
  /** Of an error; else empty. */
  code: string;
  text: string;
  bytes: Buffer;
  headers: IncomingHttpHeaders;
}

export const openOssScene = async (
  t: TestContext,
  { floorBytes, ...options }: HarnessOptions & { floorBytes?: number } = {},
) => {
  const k = await kindred(t, options);
  const { server } = await makeHttpServer({
    handle: k.kindred.handle,
    other: (_request, response) => void response.writeHead(404).end('no route'),
    oss: makeOssDoor(k.kindred.house, k.kindred.buckets, floorBytes),
    welcome: '',
    // More than a busy machine takes to answer.
    idleTimeoutMs: 1_000,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const clocks = k.kindred.house.clocks;
  const authorization = (method: string, path: string, sent: Sent) =>
    ossHeaders(method, path, { dateMs: clocks.wallMs(), key: k.rootKey, ...sent });
  const send = (method: string, path: string, sent: Sent = {}) =>
    sendOss(port, method, path, { dateMs: clocks.wallMs(), key: k.rootKey, ...sent });
  const { growthRoot: root } = k.kindred.buckets;
  return { k, port, root, send, authorization };
};

type Signed = Sent & Required<Pick<Sent, 'key' | 'dateMs'>>;

/** The headers of a request, with its signature. */
const ossHeaders = (method: string, path: string, sent: Signed) => {
  const date = new Date(sent.dateMs).toUTCString();
  const headers = { date, ...sent.headers };
  const { accessKeyId, accessKeySecret } = sent.key;
  const read = readOssRequest(method, path, Object.entries(headers).flat());
  const signature = signOssV1(read, date, accessKeySecret);
  return { ...headers, authorization: `OSS ${accessKeyId}:${signature}` };
};

/** One signed request to a server on the loopback. */
export const sendOss = (
  port: number,
  method: string,
  path: string,
  sent: Signed,
): Promise<Received> =>
  new Promise((resolve, reject) => {
    const headers = ossHeaders(method, path, sent);
    // A connection each: a scene's server closes idle ones soon, also under the next request.
    const outgoing = httpRequest({ port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? '';
        const { statusCode: status = 0, headers: got } = response;
        resolve({ status, code, text, bytes, headers: got });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(sent.body);
  });
