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
    idleTimeoutMs: 300,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const authorization = (method: string, path: string, sent: Sent) => {
    const date = new Date(sent.dateMs ?? k.kindred.house.clocks.wallMs()).toUTCString();
    const headers = { date, ...sent.headers };
    const { accessKeyId, accessKeySecret } = sent.key ?? k.rootKey;
    const read = readOssRequest(method, path, Object.entries(headers).flat());
    const signature = signOssV1(read, date, accessKeySecret);
    return { ...headers, authorization: `OSS ${accessKeyId}:${signature}` };
  };
  const send = (method: string, path: string, sent: Sent = {}) =>
    new Promise<Received>((resolve, reject) => {
      const headers = authorization(method, path, sent);
      const outgoing = httpRequest({ port, method, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? '';
          const { statusCode: status = 0, headers: got } = response;
          resolve({ status, code, text, headers: got });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(sent.body);
    });
  const { root } = k.kindred.buckets;
  return { k, port, root, send, authorization };
};
