import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureIo } from './captured-io.ts';
import { runCommand } from './main.ts';

test('a checkout says where its licences lie', async () => {
  const io = captureIo();
  assert.equal(await runCommand(['version', '--licences'], io), 2);
  assert.match(io.stderr, /this is a checkout: .* LICENSE with NOTICE/);
});

test('version knows no other flag', async () => {
  const io = captureIo();
  assert.equal(await runCommand(['version', '--licence'], io), 2);
  assert.match(io.stderr, /see kindred version --help/);
});
