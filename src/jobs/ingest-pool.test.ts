import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { openFolderBuckets } from '../blobs/folder-buckets.ts';
import type { FaultPlan } from '../lib/fault.ts';
import type { IngestOutcome } from './ingest-message.ts';
import { createIngestPool, type IngestPoolOptions } from './ingest-pool.ts';

const open = async (t: TestContext, options: IngestPoolOptions = {}) => {
  const dir = mkdtempSync(join(tmpdir(), 'kindred-pool-'));
  mkdirSync(join(dir, 'images'));
  writeFileSync(join(dir, 'images', 'a.raw'), Buffer.alloc(8 * 1024 * 1024, 'x'));
  const source = await openFolderBuckets(dir).statObject('images', 'a.raw');
  const pool = createIngestPool(options);
  t.after(async () => {
    await pool.close();
    rmSync(dir, { recursive: true, force: true });
  });
  let orders = 0;
  const ingest = (
    accountId: string,
    signal = new AbortController().signal,
    onProgress: (n: number) => void = () => undefined,
  ): Promise<IngestOutcome> =>
    pool.ingest(
      {
        object: { kind: 'folder', root: dir, bucket: 'images', object: 'a.raw' },
        sourceVersion: source?.version ?? '',
        stagedPath: join(dir, `${(orders += 1)}.part`),
        declaredFormat: 'raw',
        floorBytes: 0,
      },
      { accountId, signal, onProgress },
    );
  return { pool, ingest };
};

test('accounts take turns, however many orders one of them has', async (t) => {
  const { ingest } = await open(t, { maxWorkers: 1 });
  const done: string[] = [];
  const order = async (name: string): Promise<void> => {
    assert.equal((await ingest(name.slice(0, 1))).outcome, 'ingested');
    done.push(name);
  };
  await Promise.all(['a1', 'a2', 'a3', 'b1', 'c1', 'b2'].map(order));
  assert.deepEqual(done, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
});

test('an order that waits or runs can be cancelled; the others go on', async (t) => {
  const { ingest } = await open(t, { maxWorkers: 1 });
  const halt = new AbortController();
  const first = ingest('a');
  const waiting = ingest('a', halt.signal);
  const last = ingest('a');
  halt.abort();
  assert.deepEqual(await waiting, { outcome: 'cancelled' });
  assert.equal((await first).outcome, 'ingested');
  assert.equal((await last).outcome, 'ingested');
  assert.deepEqual(await ingest('a', halt.signal), { outcome: 'cancelled' });
});

test('a worker that dies rejects its order, and the next order gets a new worker', async (t) => {
  const faultPlan: FaultPlan = { point: 'ingest.half', occurrence: 2, action: 'exit' };
  const { ingest } = await open(t, { maxWorkers: 1, faultPlan });
  assert.equal((await ingest('a')).outcome, 'ingested');
  const [dying, next] = [ingest('a'), ingest('a')];
  await assert.rejects(dying, /worker of an import died/);
  assert.equal((await next).outcome, 'ingested');
});

test('an error inside a worker rejects its order, and the worker works on', async (t) => {
  const faultPlan: FaultPlan = { point: 'ingest.half', occurrence: 1, action: 'throw' };
  const { ingest } = await open(t, { maxWorkers: 1, faultPlan });
  await assert.rejects(ingest('a'), /fault at ingest.half/);
  assert.equal((await ingest('a')).outcome, 'ingested');
});

test('an idle worker ends, and work after that starts a new one', async (t) => {
  const workers: Worker[] = [];
  const seen = (worker: Worker): void => void workers.push(worker);
  process.on('worker', seen);
  t.after(() => process.off('worker', seen));
  const { ingest } = await open(t, { idleMs: 20 });
  assert.equal((await ingest('a')).outcome, 'ingested');
  assert.equal(workers.length, 1);
  await once(workers[0]!, 'exit', { signal: AbortSignal.timeout(5_000) });
  assert.equal((await ingest('a')).outcome, 'ingested');
  assert.equal(workers.length, 2);
});

test('close ends what runs and refuses what comes', async (t) => {
  const { pool, ingest } = await open(t, { maxWorkers: 1 });
  const orders = Promise.allSettled([ingest('a'), ingest('a')]);
  await pool.close();
  assert.deepEqual(
    (await orders).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  await assert.rejects(ingest('a'), /closed/);
});
