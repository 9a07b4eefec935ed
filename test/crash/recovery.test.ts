// Recovery itself under fire: killed twenty times in a row it still comes to the same end; a second
// server on the same data is refused, and of many at once exactly one stays. A disk without room is
// in disk-full.ts, whose tests run from here.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { FAULT_POINTS } from '../../src/lib/fault.ts';
import { Api } from './api.ts';
import { Chance } from './chance.ts';
import { checkAll } from './check.ts';
import { Client } from './client.ts';
import { testFullDisk } from './disk-full.ts';
import { Ledger } from './ledger.ts';
import { Objects } from './objects.ts';
import { buildProgram } from './program.ts';
import { isReady, KEY, launch, start } from './server-process.ts';
import { awaitEnd, resolveLostAccepts, resolveLostChanges } from './settle.ts';

const KILLS = 20;
const MOST_MS = 700;
const AT_ONCE = 12;
const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 1_000_000);

const program = buildProgram();
after(() => program.remove());

const newDataDir = (t: TestContext): string => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-recovery-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
};

/** Points that a recovery may reach. */
const POINTS = FAULT_POINTS.filter(
  (point) => !/^(sweep|copy|export|upload|verify|repair|backup|restore|rotate)\./.test(point),
);

test(`twenty kills in a row during recovery change nothing (seed ${seed})`, async (t) => {
  const dataDir = newDataDir(t);
  const chance = new Chance(seed);
  const objects = new Objects(join(dataDir, 'buckets'), seed);
  const ledger = new Ledger();
  const first = await start(program, { dataDir, fault: 'ingest.half:2' });
  const api = new Api(first.port, KEY);
  const client = new Client(api, ledger, chance, objects.fixed, objects.fresh(), []);
  await Promise.all([client.opening().then(() => client.run()), first.died]);
  api.close();

  for (let i = 0; i < KILLS; i++) {
    const point = i % 2 === 0 ? chance.pick(POINTS) : undefined;
    const server = launch(program, { dataDir, ...(point && { fault: `${point}:1` }) });
    const alarm = setTimeout(() => void server.kill(), 100 + chance.below(MOST_MS));
    await server.died;
    clearTimeout(alarm);
    assert.doesNotMatch(server.log, /"level":[56]0/, server.log);
  }

  for (const _again of [1, 2]) {
    const server = await start(program, { dataDir });
    const asking = new Api(server.port, KEY);
    await resolveLostAccepts(asking, ledger);
    await awaitEnd(asking, ledger, dataDir);
    await resolveLostChanges(asking, ledger);
    await checkAll(asking, ledger, dataDir);
    asking.close();
    await server.kill();
    assert.deepEqual(ledger.violations, [], `seed ${seed}\n${server.log}`);
  }
  assert.ok(ledger.images.size > 3);
  assert.deepEqual(readdirSync(join(dataDir, 'staging')), []);
});

test('a second server on the same data is refused and names the first', async (t) => {
  const dataDir = newDataDir(t);
  const first = await start(program, { dataDir });
  t.after(() => first.kill());
  const second = launch(program, { dataDir });
  assert.equal(await second.died, 'exit 2');
  assert.match(second.log, new RegExp(`in use by another Kindred \\(process ${first.pid}\\)`));
  const api = new Api(first.port, KEY);
  assert.equal((await api.must('Fsck')).DifferenceCount, 0);
  api.close();
  await first.kill();
  // The lock goes with the process, however it went.
  const third = await start(program, { dataDir });
  const asking = new Api(third.port, KEY);
  await asking.must('Fsck');
  asking.close();
  assert.equal(await third.kill('SIGTERM'), 'exit 0');
});

test('a stop at the very moment of the ready line ends with 0', async (t) => {
  const dataDir = newDataDir(t);
  for (let i = 0; i < 3; i++) {
    const server = await start(program, { dataDir });
    assert.equal(await server.kill('SIGTERM'), 'exit 0');
  }
});

test('of many that start at once exactly one serves', async (t) => {
  const dataDir = newDataDir(t);
  const servers = Array.from({ length: AT_ONCE }, () => launch(program, { dataDir }));
  t.after(() => Promise.all(servers.map((server) => server.kill())));
  const ready = await Promise.all(servers.map(isReady));
  assert.equal(ready.filter(Boolean).length, 1);
  for (const [i, server] of servers.entries())
    if (!ready[i]) assert.equal(await server.died, 'exit 2', server.log);
});

testFullDisk(program);
