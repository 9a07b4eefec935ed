// The proxy of a run between real sockets: what it forwards, refuses, passes on, and how it ends TLS.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Environment } from '../../client/settings.ts';
import { makeLeaves } from './leaves.ts';
import { makePassOn } from './pass-on.ts';
import { startProxy, type ProxyOptions } from './proxy.ts';
import { makeRefusals } from './refusals.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  rawHeaders: string[];
  body: string;
}

const listen = async (t: TestContext, listener: RequestListener) => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
};

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
};

/** What answers instead of Kindred says what it was sent, under a header that nobody may touch. */
const recorder = async (t: TestContext) => {
  const seen: Seen[] = [];
  const { port } = await listen(t, (incoming, response) => {
    void bodyOf(incoming).then((body) => {
      const { method, url, rawHeaders } = incoming;
      seen.push({ method, url, rawHeaders, body });
      response.writeHead(207, 'As It Is', ['X-MiXed', 'a', 'x-mixed', 'b']);
      response.end('answer');
    });
  });
  return { seen, port };
};

const leaves = await makeLeaves(Date.now());

const scene = async (
  t: TestContext,
  options: Partial<ProxyOptions> = {},
  environment: Environment = {},
) => {
  const { seen, port } = await recorder(t);
  const refusals = makeRefusals();
  const proxy = await startProxy({
    kindred: new URL(`http://127.0.0.1:${port}`),
    leaves,
    refusals,
    passOn: makePassOn(environment),
    isOffline: false,
    allowed: new Set(),
    ...options,
  });
  t.after(() => proxy.close());
  return { seen, refusals, kindredPort: port, port: proxy.port };
};

/** A request whose target is the whole address. */
const ask = async (
  port: number,
  target: string,
  headers: readonly string[] = [],
  body?: string,
) => {
  const sent = request({
    port,
    host: '127.0.0.1',
    path: target,
    method: body === undefined ? 'GET' : 'POST',
    headers: ['Host', new URL(target, 'http://x').host, ...headers],
    agent: false,
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.rawHeaders, body: await bodyOf(answer) };
};

const tunnel = async (port: number, to: string): Promise<{ status: number; socket: Socket }> => {
  const sent = request({ port, host: '127.0.0.1', method: 'CONNECT', path: to, agent: false });
  sent.end();
  return new Promise((resolve) => {
    sent.once('connect', (answer, socket, early) => {
      if (early.length > 0) socket.unshift(early);
      resolve({ status: answer.statusCode ?? 0, socket: socket as Socket });
    });
  });
};

const secure = async (port: number, host: string, ca?: string): Promise<TLSSocket> => {
  const { socket } = await tunnel(port, `${host}:443`);
  const inside = connectTls({ socket, servername: host, ...(ca !== undefined && { ca }) });
  await once(inside, 'secureConnect');
  return inside;
};

const talk = async (socket: Socket, text: string): Promise<string> => {
  socket.write(text, 'latin1');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
};

const RAW =
  'POST /?A=%2f&b HTTP/1.1\r\nHost: ecs.cn-beijing.aliyuncs.com\r\nX-Acs-Nonce: 1\r\nproxy-connection: keep-alive\r\nx-acs-nonce: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\na\xff=';

test('a call reaches Kindred byte for byte: through TLS, plain in a tunnel, and by its whole address', async (t) => {
  const { port, seen } = await scene(t);
  const host = 'ecs.cn-beijing.aliyuncs.com';
  const inTls = await talk(await secure(port, host, leaves.caCertificate), RAW);
  const plain = await talk((await tunnel(port, `${host}:80`)).socket, RAW);
  const whole = connect(port, '127.0.0.1');
  const absolute = await talk(whole, RAW.replace('/?', `http://${host}/?`));
  for (const answer of [inTls, plain, absolute]) {
    assert.match(answer, /^HTTP\/1\.1 207 As It Is\r\nX-MiXed: a\r\nx-mixed: b\r\n/);
    assert.match(answer, /answer/);
  }
  const sent = {
    method: 'POST',
    url: '/?A=%2f&b',
    rawHeaders: [
      'Host',
      host,
      'X-Acs-Nonce',
      '1',
      'x-acs-nonce',
      '2',
      'Content-Length',
      '3',
      'Connection',
      'close',
    ],
    body: 'a\xff=',
  };
  assert.deepEqual(seen, [sent, sent, sent]);
});

test('another host of the cloud is refused in the API’s shape, and counted', async (t) => {
  const { port, seen, refusals } = await scene(t);
  const json = await ask(port, 'http://rds.aliyuncs.com/?Action=DescribeRegions&Format=JSON');
  const told = JSON.parse(json.body);
  assert.equal(json.status, 403);
  assert.deepEqual([told.Code, told.HostId], ['Kindred.HostNotServed', 'rds.aliyuncs.com']);
  assert.match(told.Message, /Kindred does not serve rds\.aliyuncs\.com/);
  assert.match(told.RequestId, /^[0-9A-F-]{36}$/);
  const xml = await ask(port, 'http://rds.aliyuncs.com/?Format=xml', [], 'x'.repeat(500_000));
  assert.match(xml.body, /<Error>.*<Code>Kindred\.HostNotServed<\/Code>/);
  const inside = await secure(port, 'business.aliyuncs.com', leaves.caCertificate);
  const asked = 'GET / HTTP/1.1\r\nHost: ecs.aliyuncs.com\r\nConnection: close\r\n\r\n';
  assert.match(await talk(inside, asked), /HTTP\/1\.1 403 .*Kindred does not serve business\./s);
  assert.equal((await ask(port, 'http://100.100.100.200/latest/meta-data/')).status, 403);
  assert.deepEqual(seen, []);
  assert.equal(refusals.cloudCalls, 4);
  assert.match(
    refusals.text(),
    /^kindred run refused 4 calls.*\n +2 {2}rds\.aliyuncs\.com\n +1 {2}100\.100\.100\.200 \(metadata.*\n +1 {2}business\.aliyuncs\.com\n/,
  );
});

test('clients believe the CA no name but the cloud’s', async (t) => {
  const { certificate, key } = await leaves.leafOf('bank.example');
  const { createServer: createTlsServer } = await import('node:tls');
  const server = createTlsServer({ cert: certificate, key }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port: theirs } = server.address() as AddressInfo;
  const socket = connectTls({
    port: theirs,
    host: '127.0.0.1',
    servername: 'bank.example',
    ca: leaves.caCertificate,
  });
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /permitted subtree violation/);
});

test('other hosts are passed on as they come; --offline refuses them, but not this machine', async (t) => {
  const { port, kindredPort, seen } = await scene(t);
  const there = `127.0.0.1:${kindredPort}`;
  assert.equal((await ask(port, `http://${there}/x?y`, ['A', 'b'])).body, 'answer');
  const { status, socket } = await tunnel(port, there);
  assert.equal(status, 200);
  assert.match(
    await talk(socket, `GET /t HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`),
    /207/,
  );
  assert.deepEqual(
    seen.map(({ url }) => url),
    ['/x?y', '/t'],
  );
  assert.equal((await tunnel(port, '127.0.0.1:1')).status, 502);
  assert.match((await ask(port, 'http://127.0.0.1:1/')).body, /HostUnreachable.*ECONNREFUSED/);

  const off = await scene(t, { isOffline: true, allowed: new Set(['let.example']) });
  const refused = await ask(off.port, 'http://registry.example/');
  assert.equal(JSON.parse(refused.body).Code, 'Kindred.Offline');
  assert.equal((await tunnel(off.port, 'registry.example:443')).status, 403);
  assert.equal((await ask(off.port, `http://127.0.0.1:${off.kindredPort}/x`)).status, 207);
  assert.match(off.refusals.text(), /--offline refused 2 calls to other hosts:\n +2 {2}registry/);
  assert.equal(off.refusals.cloudCalls, 0);
});

test('--allow lets a host of the cloud through, by the proxy of the user’s own environment', async (t) => {
  const asked: string[] = [];
  const { server: theirs, port: theirPort } = await listen(t, (incoming, response) => {
    asked.push(`${incoming.url} ${incoming.headers['proxy-authorization']}`);
    response.end('theirs');
  });
  theirs.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url} ${incoming.headers['proxy-authorization']}`);
    socket.end('HTTP/1.1 200 OK\r\n\r\nearly');
  });
  const allowed = new Set(['mirrors.aliyun.com']);
  const proxy = `http://me:p%40ss@127.0.0.1:${theirPort}`;
  const environment = { HTTPS_PROXY: proxy, http_proxy: proxy, no_proxy: 'build.invalid' };
  const { port, refusals } = await scene(t, { allowed }, environment);
  assert.equal((await ask(port, 'http://mirrors.aliyun.com/debian')).body, 'theirs');
  const { socket } = await tunnel(port, 'mirrors.aliyun.com:443');
  assert.equal(await talk(socket, ''), 'early');
  const basic = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
  assert.deepEqual(asked, [
    `http://mirrors.aliyun.com:80/debian ${basic}`,
    `CONNECT mirrors.aliyun.com:443 ${basic}`,
  ]);
  assert.equal((await ask(port, 'http://build.invalid/')).status, 502);
  assert.equal(asked.length, 2);
  assert.equal(refusals.text(), '');
});

test('what is no request to a proxy is told so', async (t) => {
  const { port } = await scene(t);
  assert.equal(JSON.parse((await ask(port, '/')).body).Code, 'Kindred.NoProxyRequest');
  assert.equal((await tunnel(port, 'user@host:443')).status, 400);
});
