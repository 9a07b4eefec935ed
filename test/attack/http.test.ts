// Raw HTTP against a real server: every request below carries a right signature, so that nothing but
// the way it is framed can be the reason of a refusal. What Node's parser refuses today stands here
// too: a flag of the parser or a proxy mode must never weaken it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../../src/testing/server.ts';
import { stateHash } from '../../src/testing/state-hash.ts';
import { openSocket, readAnswer, send, sendRaw, toBytes } from './raw.ts';
import { HOST, v1, v3 } from './sign.ts';

const server = await startServer({ after });
const by = () => ({ key: server.key, nowMs: Date.now() });
const target = (): string => v1(by()).target;
const form = () => {
  const { body } = v1({ ...by(), method: 'POST', place: 'body' });
  return Buffer.from(body).toString('latin1');
};
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';
const get = (headers: string, url = target()): string => `GET ${url} HTTP/1.1\r\n${headers}\r\n`;
const post = (headers: (body: string) => string, frame = (body: string) => body): string => {
  const body = form();
  return `POST / HTTP/1.1\r\nHost: ${HOST}\r\n${FORM}${headers(body)}\r\n${frame(body)}`;
};
const chunk = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const flood = (count: number): string => 'x: y\r\n'.repeat(count);
const host = `Host: ${HOST}\r\n`;

test('what is honest is served', async () => {
  const honest = [
    get(host),
    post((body) => `Content-Length: ${body.length}\r\n`),
    post(() => 'Transfer-Encoding: chunked\r\n', chunk),
    get(`${host}__proto__: polluted\r\nconstructor: x\r\ntoString: y\r\n`),
    get('Host: evil.example\r\n'),
    get('Host: evil.example\r\n', `http://ecs.cn-hangzhou.aliyuncs.com${target()}`),
    get('Host: ecs.aliyuncs.com\r\n', `HTTP://ecs.aliyuncs.com:80${target()}`),
    get(`${host}${flood(100)}`),
    get(`${host}Connection: close\r\n`),
  ];
  for (const bytes of honest) {
    const { statuses, code, text } = await sendRaw(server, bytes);
    assert.deepEqual([statuses, code], [[200], 'OK'], `${bytes}\n${text}`);
  }
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

const REFUSED: readonly [name: string, status: number, bytes: () => string][] = [
  [
    'Content-Length and Transfer-Encoding',
    400,
    () => post((body) => `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n`, chunk),
  ],
  [
    'two different Content-Lengths',
    400,
    () => post((body) => `Content-Length: ${body.length}\r\nContent-Length: 1\r\n`),
  ],
  [
    'two equal Content-Lengths',
    400,
    () => post((body) => `Content-Length: ${body.length}\r\n`.repeat(2)),
  ],
  ['a signed Content-Length', 400, () => post((body) => `Content-Length: +${body.length}\r\n`)],
  ['Transfer-Encoding xchunked', 400, () => post(() => 'Transfer-Encoding: xchunked\r\n', chunk)],
  [
    'Transfer-Encoding chunked, identity',
    400,
    () => post(() => 'Transfer-Encoding: chunked, identity\r\n', chunk),
  ],
  [
    'Transfer-Encoding twice',
    400,
    () => post(() => 'Transfer-Encoding: chunked\r\n'.repeat(2), chunk),
  ],
  ['a blank before the colon', 400, () => get(`Host : ${HOST}\r\n`)],
  ['a folded header', 400, () => get(`${host}X-A: b\r\n c\r\n`)],
  ['a bare line feed', 400, () => get(`${host}X-A: b\nX-C: d\r\n`)],
  ['a bare carriage return', 400, () => get(`${host}X-A: b\rX-C: d\r\n`)],
  [
    'a line feed in a chunk extension',
    400,
    () =>
      post(
        () => 'Transfer-Encoding: chunked\r\n',
        (body) => `${body.length.toString(16)};a=\n\r\n${body}\r\n0\r\n\r\n`,
      ),
  ],
  [
    'a chunk size 0x…',
    400,
    () =>
      post(
        () => 'Transfer-Encoding: chunked\r\n',
        (body) => `0x${chunk(body)}`,
      ),
  ],
  ['no Host', 400, () => get('')],
  ['a NUL in a header', 400, () => get(`${host}X-A: b\0c\r\n`)],
  ['raw UTF-8 in the URL', 400, () => get(host, `${target()}&X=\u00c3\u00a9`)],
  ['a method in lower case', 400, () => get(host).replace('GET', 'get')],
  ['a header of 20 KB', 431, () => get(`${host}X-A: ${'b'.repeat(20_000)}\r\n`)],
  ['a URL of 20 KB', 431, () => get(host, `${target()}&X=${'b'.repeat(20_000)}`)],
  ['two Hosts', 400, () => get(host.repeat(2))],
  ['two different Hosts', 400, () => get(`${host}Host: evil.example\r\n`)],
  [
    'HTTP/1.0 with Transfer-Encoding',
    400,
    () => post(() => 'Transfer-Encoding: chunked\r\n', chunk).replace('HTTP/1.1', 'HTTP/1.0'),
  ],
  ['GET with a body', 400, () => `${get(`${host}${FORM}Content-Length: 3\r\n`)}a=b`],
  [
    'GET with a chunked body',
    400,
    () => `${get(`${host}${FORM}Transfer-Encoding: chunked\r\n`)}${chunk('a=b')}`,
  ],
  ['250 headers', 431, () => get(`${host}${flood(250)}`)],
  ['1,100 headers', 431, () => get(`${host}${flood(1_100)}`)],
  ['3,000 headers', 431, () => get(`${host}${flood(3_000)}`)],
  [
    'CONNECT',
    405,
    () => `CONNECT ecs.aliyuncs.com:443 HTTP/1.1\r\nHost: ecs.aliyuncs.com:443\r\n\r\n`,
  ],
  ['PUT', 400, () => get(host).replace('GET', 'PUT')],
  ['OPTIONS', 400, () => get(host).replace('GET', 'OPTIONS')],
  ['HTTP/2 by prior knowledge', 400, () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  [
    'gzip',
    415,
    () => post((body) => `Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n`),
  ],
  [
    'br, gzip',
    415,
    () => post((body) => `Content-Encoding: br, gzip\r\nContent-Length: ${body.length}\r\n`),
  ],
  [
    'another content type',
    400,
    () =>
      post((body) => `Content-Length: ${body.length}\r\n`).replace('x-www-form-urlencoded', 'json'),
  ],
];

test('what is not is refused, and changes nothing', async (t) => {
  const before = stateHash(server.dataDir);
  for (const [name, status, bytes] of REFUSED)
    await t.test(name, async () => {
      // A second request rides behind each: it must never be answered as a second one.
      const { statuses, text } = await sendRaw(server, `${bytes()}`);
      assert.deepEqual(statuses, [status], text);
    });
  assert.equal(stateHash(server.dataDir), before);
});

test('after a refusal of the framing the connection is closed, whatever stands behind it', async () => {
  for (const [name, status, bytes] of REFUSED.slice(0, 19)) {
    const { statuses, isClosed } = await sendRaw(server, bytes() + get(host), 2);
    assert.deepEqual([statuses, isClosed], [[status], true], name);
  }
});

test('pipelined requests are answered each, in order', async () => {
  const unsigned = get(host, '/?Action=DescribeImageFromFamily&Version=2014-05-26&Format=JSON');
  const { statuses } = await sendRaw(server, get(host) + unsigned + get(host), 3);
  assert.deepEqual(statuses, [200, 400, 200]);
});

test('nothing that a caller sends becomes a header of the answer', async () => {
  const crlf = 'x\r\nSet-Cookie: a=b\r\n\r\nHTTP/1.1 200 OK';
  const requests = [
    v1({ ...by(), parameters: { RegionId: crlf, ImageFamily: crlf } }),
    v1({ ...by(), action: crlf }),
    v1({ ...by(), system: { Format: crlf } }),
    v1({ ...by(), key: { accessKeyId: crlf, accessKeySecret: 'x' } }),
    v1({ ...by(), system: { SignatureNonce: crlf } }),
    v3({ ...by(), parameters: { RegionId: crlf, ImageFamily: crlf } }),
  ];
  for (const request of requests) {
    const { text, statuses } = await send(server, request);
    const head = text.slice(0, text.indexOf('\r\n\r\n'));
    assert.doesNotMatch(head, /set-cookie/i);
    assert.equal(statuses.length, 1, text);
  }
  // The Host comes back in the body, and a terminal's codes do not.
  const { text } = await sendRaw(server, get('Host: a"\\\x1b[31m<b>\r\n', '/?Format=JSON'));
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  if (/^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$/.test(text)) return;
  assert.equal(body.includes('\u001b'), false);
  JSON.parse(body);
});

test('half a request and a connection that breaks leave the server well', async () => {
  const bytes = toBytes(v1({ ...by(), method: 'POST', place: 'body' }));
  for (const cut of [1, 20, bytes.length - 5]) {
    const socket = await openSocket(server);
    socket.write(bytes.subarray(0, cut));
    socket.resetAndDestroy();
  }
  const socket = await openSocket(server);
  const answer = readAnswer(socket);
  for (const byte of bytes) socket.write(Buffer.of(byte));
  assert.deepEqual((await answer).statuses, [200]);
  socket.destroy();
  assert.doesNotMatch(server.log, /"level":(50|60)/);
});
