// Mutated requests against a real server: no bug, no crash, no effect, and what a client that behaves has
// to wait meanwhile. KINDRED_TEST_MUTATIONS=100000 is the full size; KINDRED_TEST_SEED repeats a run.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from '../crash/api.ts';
import { stateHash } from '../../src/testing/state-hash.ts';
import { startServer } from '../../src/testing/server.ts';
import type { MutationOptions, MutationResult } from './mutate-requests.ts';
import { send, toBytes } from './raw.ts';
import { v1, v3 } from './sign.ts';

const count = Number(process.env.KINDRED_TEST_MUTATIONS ?? 8_000);
const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 2 ** 31);
const CALLS = 400;
const MOST_CALLS = 20_000;
const CALL_EVERY_MS = 5;
const OWN_EVERY_MS = 1;
const REGION = { RegionId: 'cn-hangzhou' };
const KINDRED = '2026-11-24';

interface Asked {
  p99Ms: number;
  /** By how much the asking process itself was late: not the server's doing. */
  ownP99Ms: number;
}

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
  // The client that behaves has an account and a key of its own, as clients have: what it waits for is not
  // mixed with the calls of the key whose requests were overheard and changed.
  const operator = new Api(server.port, server.key);
  const { AccountId } = await operator.must('CreateAccount', { AccountName: 'honest' });
  const made = await operator.must('CreateAccessKey', { AccountId });
  operator.close();
  const own = { accessKeyId: made.AccessKeyId, accessKeySecret: made.AccessKeySecret };
  const ask = async (most: number, isOver: () => boolean): Promise<Asked> => {
    const times: number[] = [];
    const delay = monitorEventLoopDelay({ resolution: OWN_EVERY_MS });
    delay.enable();
    while (times.length < most && !isOver()) {
      const startedMs = performance.now();
      const url = `${server.url}${v1({ key: own, nowMs: Date.now() }).target}`;
      assert.equal((await fetch(url)).status, 200);
      times.push(performance.now() - startedMs);
      await sleep(CALL_EVERY_MS);
    }
    delay.disable();
    return {
      p99Ms: times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0,
      ownP99Ms: delay.percentile(99) / 1e6 - OWN_EVERY_MS,
    };
  };
  await ask(CALLS, () => false);
  const idle = await ask(CALLS, () => false);
  const before = stateHash(server.dataDir);
  const { host, port } = server;
  const options: MutationOptions = { host, port, count, connections: 8, seed, originals };
  const attacker = fork(new URL('mutate-requests.ts', import.meta.url));
  t.after(() => attacker.kill());
  let isOver = false;
  const done = new Promise<MutationResult>((resolve, reject) => {
    attacker
      .once('message', (result) => resolve(result as MutationResult))
      .once('error', reject)
      .once('exit', () => reject(new Error('the attacker ended without a result')));
    attacker.send(options);
  }).finally(() => {
    isOver = true;
  });
  // As long as it lasts, not its beginning alone.
  const busy = await ask(MOST_CALLS, () => isOver);
  const { statuses, wrong } = await done;
  console.log(
    `mutations: ${JSON.stringify(statuses)}; p99 of another client ${busy.p99Ms.toFixed(2)} ms, ${idle.p99Ms.toFixed(2)} ms at rest: ${(busy.p99Ms / idle.p99Ms).toFixed(2)} times (own delay ${busy.ownP99Ms.toFixed(2)}, ${idle.ownP99Ms.toFixed(2)} ms)`,
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
