// Keys of an issuer over HTTP and from a file: how often they are asked for, and what is refused.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { IssuerKeys } from './keys.ts';

const keySet = (...kids: string[]): string =>
  JSON.stringify({ keys: kids.map((kid) => ({ kty: 'RSA', kid })) });

const serve = async (t: TestContext, listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
};

const scene = async (t: TestContext) => {
  const state = { body: keySet('one'), status: 200, asked: 0, nowMs: 0 };
  const url = await serve(t, (_, response) => {
    state.asked += 1;
    response.writeHead(state.status).end(state.body);
  });
  return { state, keys: new IssuerKeys(url, () => state.nowMs) };
};

test('keys are asked for once, again when old, and once a minute for unknown key ids', async (t) => {
  const { state, keys } = await scene(t);
  const found = async (kid?: string) => (await keys.candidates(kid)).map((key) => key.kid);
  assert.deepEqual(await Promise.all([found('one'), found('one'), found()]), [
    ['one'],
    ['one'],
    ['one'],
  ]);
  assert.equal(state.asked, 1);
  state.body = keySet('one', 'two');
  for (let i = 0; i < 50; i += 1) assert.deepEqual(await found(`made-up-${i}`), []);
  assert.equal(state.asked, 1, 'strangers make nobody ask within the minute');
  state.nowMs = 60_000;
  assert.deepEqual(await found('two'), ['two']);
  assert.equal(state.asked, 2);
  state.nowMs = 60_000 + 10 * 60_000 + 1;
  await found('one');
  assert.equal(state.asked, 3);
});

test('while the issuer is away its old keys serve on, and without any there is an error', async (t) => {
  const { state, keys } = await scene(t);
  state.status = 503;
  await assert.rejects(keys.candidates('one'), /answers 503/);
  await assert.rejects(keys.candidates('one'), /could not be read/);
  assert.equal(state.asked, 1);
  state.status = 200;
  state.nowMs = 60_000;
  assert.equal((await keys.candidates('one')).length, 1);
  state.status = 503;
  state.nowMs = 60 * 60_000;
  assert.equal((await keys.candidates('one')).length, 1);
  assert.equal(state.asked, 3);
});

test('a redirect, an endless answer and what is no key set are refused', async (t) => {
  const elsewhere = await serve(t, (_, response) => response.end(keySet('one')));
  const redirecting = await serve(t, (_, response) => {
    response.writeHead(302, { location: elsewhere }).end();
  });
  const endless = await serve(t, (_, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      response.once('drain', more);
    };
    more();
  });
  const other = await serve(t, (_, response) => response.end('{"keys":7}'));
  for (const url of [redirecting, endless, other])
    await assert.rejects(new IssuerKeys(url, () => 0).candidates('one'), Error, url);
});

test('a file is read again like an address', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'jwks.json');
  writeFileSync(file, keySet('one'));
  let nowMs = 0;
  const keys = new IssuerKeys(file, () => nowMs);
  assert.equal((await keys.candidates('one')).length, 1);
  writeFileSync(file, keySet('two'));
  nowMs = 60_000;
  assert.equal((await keys.candidates('two')).length, 1);
  assert.equal((await keys.candidates('one')).length, 0);
});
