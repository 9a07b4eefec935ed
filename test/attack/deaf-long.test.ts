import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { makeHttpServer } from '../../src/server/http.ts';
import { openSocket } from './raw.ts';
import { HOST } from './sign.ts';

const MIB = 2 ** 20;

test('an answer that nobody reads is given up', { timeout: 60_000 }, async (t) => {
  const { server: idle, drain } = await makeHttpServer({
    handle: () => Promise.resolve({ status: 200, headers: {}, body: Buffer.alloc(16 * MIB) }),
    other: (): never => assert.fail('no other path is asked'),
    welcome: '',
    idleTimeoutMs: 400,
  });
  t.after(drain);
  idle.listen(0, '127.0.0.1');
  await once(idle, 'listening');
  const address = { host: '127.0.0.1', port: (idle.address() as AddressInfo).port };
  const get = `GET /?a=b HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
  const deaf = await openSocket(address);
  deaf.on('error', () => undefined).pause();
  deaf.write(get);
  const startedMs = performance.now();
  while ((await new Promise<number>((resolve) => idle.getConnections((_e, n) => resolve(n)))) > 0) {
    assert.ok(performance.now() - startedMs < 20_000, 'the connection was left open');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  deaf.destroy();
  // One that reads slowly and steadily gets it all, for longer than the time of silence.
  const slow = await openSocket(address);
  slow.write(get);
  let gotBytes = 0;
  const startedReadingMs = performance.now();
  for await (const chunk of slow) {
    gotBytes += (chunk as Buffer).length;
    if (gotBytes >= 16 * MIB) break;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  assert.ok(gotBytes >= 16 * MIB, `${gotBytes} bytes came`);
  assert.ok(performance.now() - startedReadingMs > 400);
  slow.destroy();
});
