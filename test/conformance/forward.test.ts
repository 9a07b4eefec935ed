// The forward that records hands every byte on and misreads nothing: keep-alive, pipelining, chunked
// bodies, HEAD, a body in pieces, targets in absolute form.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Scope } from '../../src/testing/server.ts';
import { startForward } from './forward.ts';
import type { Seen } from './seen.ts';

const KEY = { accessKeyId: 'LTAItest', accessKeySecret: 'test' };
const VERSION = '2014-05-26';

const listen = async (t: Scope, server: ReturnType<typeof createTcpServer>) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => void server.close());
  const { port } = server.address() as { port: number };
  const seen: Seen[] = [];
  const target = { ...KEY, url: `http://127.0.0.1:${port}`, host: '127.0.0.1', port };
  const forward = await startForward(target, (call) => seen.push(call));
  return { forward, seen };
};

test('what goes through is read as it was sent', async (t) => {
  const server = createServer((request, response) => {
    if (request.url?.includes('DeleteImage')) {
      response.writeHead(404, { 'transfer-encoding': 'chunked' });
      response.write('{"Code":"Invalid');
      response.end('ImageId.NotFound"}');
    } else {
      response.setHeader('x-kindred-ignored', 'Foo, Tag.1.Bar');
      response.end('{}');
    }
  });
  const { forward, seen } = await listen(t, server);
  const socket = connect(forward.port, '127.0.0.1');
  const form = 'Action=DescribeImages&Version=2014-05-26';
  const request = (line: string, headers: string[] = [], body = ''): string =>
    [`${line} HTTP/1.1`, 'Host: x', ...headers, '', body].join('\r\n');
  const all = [
    request(`HEAD /?Action=DescribeRegions&Version=${VERSION}`),
    request(`GET http://ecs.example/?Action=DeleteImage&Version=${VERSION}`),
    request('GET /health'),
    request(
      'POST /',
      ['Content-Type: application/x-www-form-urlencoded; charset=utf-8', 'Content-Length: 40'],
      form,
    ),
    request(
      'POST /',
      ['X-Acs-Action: NoSuchAction', 'x-acs-version: 1', 'Transfer-Encoding: chunked'],
      '3\r\nabc\r\n0\r\n\r\n',
    ),
    request('GET /', ['Connection: close']),
  ].join('');
  for (const byte of all) socket.write(byte);
  const answers = await text(socket);
  assert.equal(answers.split('HTTP/1.1 ').length - 1, 6);
  forward.close();
  const ignored = ['Foo', 'Tag.1.Bar'];
  assert.deepEqual(seen, [
    { operation: 'DescribeRegions', code: 'OK', ignored },
    { operation: 'DeleteImage', code: 'InvalidImageId.NotFound', ignored: [] },
    { operation: 'DescribeImages', code: 'OK', ignored },
    { operation: 'NoSuchAction (1)', code: 'OK', ignored },
  ]);
});

test('bytes that are no HTTP go through unchanged', async (t) => {
  const echo = createTcpServer((socket) => void socket.pipe(socket));
  const { forward } = await listen(t, echo);
  const socket = connect(forward.port, '127.0.0.1');
  socket.end(Buffer.from('\u0000\u0001 no HTTP\n\r\r\n\r\n'));
  assert.equal(await text(socket), '\u0000\u0001 no HTTP\n\r\r\n\r\n');
  forward.close();
});
