// Mutated requests against a real server: no bug, no crash, no effect, and what a client that behaves has
// to wait meanwhile. KINDRED_TEST_MUTATIONS=100000 is the full size; KINDRED_TEST_SEED repeats a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { stateHash } from '../../src/testing/state-hash.ts';
import { startServer } from '../../src/testing/server.ts';
import type { MutationOptions, MutationResult } from './mutate-requests.ts';
import { send, toBytes } from './raw.ts';
import { v1, v3 } from './sign.ts';

const count = Number(process.env.KINDRED_TEST_MUTATIONS ?? 8_000);
const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 2 ** 31);
const CALLS = 400;
const CALL_EVERY_MS = 5;
const REGION = { RegionId: 'cn-hangzhou' };
const KINDRED = '2026-11-24';

test(`${count} mutated requests, seed ${seed}`, async (t) => {
  // All come from one address, which would soon be told nothing but to wait.
  const args = ['--log-level', 'error', '--throttle=failed=0'];
  const server = await startServer(t, { args });
  const { key } = server;
  const by = () => ({ key, nowMs: Date.now() });
  const bucket = { action: 'CreateBucket', version: KINDRED, parameters: { Bucket: 'mutated' } };
  const account = { action: 'CreateAccount', version: KINDRED, parameters: { AccountName: 'two' } };
  const group = { action: 'CreateSecurityGroup', parameters: { ...REGION, Description: 'group' } };
  const originals: string[] = [];
  for (const call of [bucket, account, group, {}])
    for (const request of [
      v1({ ...by(), ...call }),
      v1({ ...by(), ...call, method: 'POST', place: 'body' }),
      v3({ ...by(), ...call }),
    ]) {
      await send(server, request);
      originals.push(toBytes(request).toString('latin1'));
    }
  const ask = async (isOver: () => boolean): Promise<number> => {
    const times: number[] = [];
    while (times.length < CALLS && !isOver()) {
      const startedMs = performance.now();
      const url = `${server.url}${v1(by()).target}`;
      assert.equal((await fetch(url)).status, 200);
      times.push(performance.now() - startedMs);
      await sleep(CALL_EVERY_MS);
    }
    return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  };
  await ask(() => false);
  const idleMs = await ask(() => false);
  const before = stateHash(server.dataDir);
  const { host, port } = server;
  const options: MutationOptions = { host, port, count, connections: 8, seed, originals };
  const worker = new Worker(new URL('mutate-requests.ts', import.meta.url), {
    workerData: options,
  });
  let isOver = false;
  const done = new Promise<MutationResult>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  }).finally(() => {
    isOver = true;
  });
  const busyMs = await ask(() => isOver);
  const { statuses, wrong } = await done;
  console.log(
    `mutations: ${JSON.stringify(statuses)}; p99 of another client ${busyMs.toFixed(2)} ms, ${idleMs.toFixed(2)} ms at rest: ${(busyMs / idleMs).toFixed(2)} times`,
  );
  assert.equal(wrong, undefined);
  const refused = Object.entries(statuses).reduce(
    (sum, [status, n]) => sum + (status === '0' ? 0 : n),
    0,
  );
  assert.ok(refused > count / 2, 'most were whole requests');
  assert.equal(stateHash(server.dataDir), before);
  assert.equal((await fetch(`${server.url}/health`)).status, 200);
  const { code } = await server.stop();
  assert.equal(code, 0);
});
