// `kindred rotate-master-key` is killed at every named point. The server starts afterwards with the right key,
// takes the root key, and the next rotation ends well.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAULT_POINTS } from '../../src/lib/fault.ts';
import { startServer } from '../../src/testing/server.ts';
import { send } from '../attack/raw.ts';
import { v3 } from '../attack/sign.ts';

const PROGRAM = new URL('../../bin/kindred.js', import.meta.url).pathname;

const rotate = (dataDir: string, fault?: string) =>
  new Promise<{ signal: string; stderr: string }>((resolve) => {
    const env = {
      ...process.env,
      ...(fault !== undefined && { KINDRED_TEST_FAULT: fault, KINDRED_TEST_CONTROLS: 'true' }),
    };
    const argv = [PROGRAM, 'rotate-master-key', '--data', dataDir];
    execFile(process.execPath, argv, { env, cwd: tmpdir() }, (error, _stdout, stderr) =>
      resolve({ signal: error?.signal ?? String(error?.code ?? 0), stderr }),
    );
  });

test('a rotation that is killed at any point leaves a directory that starts', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-rotate-kills-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const server = await startServer(t, { dataDir });
  for (const point of FAULT_POINTS.filter((name) => name.startsWith('rotate.'))) {
    assert.match((await rotate(dataDir)).stderr, /a server runs on/);
    await server.stop();
    const { signal, stderr } = await rotate(dataDir, point);
    assert.equal(signal, 'SIGKILL', `${point}: ${stderr}`);
    await server.restart();
    const request = v3({ key: server.key, nowMs: Date.now() });
    assert.deepEqual((await send(server, request)).statuses, [200], point);
    assert.ok(!existsSync(join(dataDir, 'master.key.next')));
  }
  await server.stop();
  assert.deepEqual(await rotate(dataDir), { signal: '0', stderr: '' });
  await server.restart();
  const request = v3({ key: server.key, nowMs: Date.now() });
  assert.deepEqual((await send(server, request)).statuses, [200]);
});
