// `npm run bench:flood`: one account floods the server with signed calls on many connections, as fast as
// it is answered; another asks every few milliseconds. What the other's calls take then, beside what they
// take at rest, with the default limits and without any, in turn in one run. It measures the bundle.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Api } from '../crash/api.ts';
import type { LoadResult } from './load.ts';
import { median, NO_LIMITS, startKindred } from './process.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    /** Calls of the flood in a round. */
    calls: { type: 'string', default: '40000' },
    connections: { type: 'string', default: '64' },
  },
});

const REGION = 'cn-hangzhou';
const CALL_EVERY_MS = 5;
const CALLS = 600;

const rootKey = (dataDir: string) =>
  // The file that the first start wrote.
  JSON.parse(readFileSync(join(dataDir, 'root-key.json'), 'utf8')) as ConstructorParameters<
    typeof Api
  >[1];

const percentile99 = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!;

const ask = async (api: Api, isOver: () => boolean): Promise<number[]> => {
  const times: number[] = [];
  while (times.length < CALLS && !isOver()) {
    const startedAt = performance.now();
    await api.must('DescribeImageFromFamily', { RegionId: REGION, ImageFamily: 'web' });
    times.push(performance.now() - startedAt);
    await sleep(CALL_EVERY_MS);
  }
  return times;
};

const round = async (limits: readonly string[]) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-bench-flood-'));
  const server = await startKindred(join(root, 'data'), limits);
  try {
    const operator = new Api(server.port, rootKey(join(root, 'data')));
    const { AccountId } = await operator.must('CreateAccount', { AccountName: 'flooder' });
    const key = await operator.must('CreateAccessKey', { AccountId });
    const worker = new Worker(new URL('flooder.ts', import.meta.url), {
      workerData: {
        port: server.port,
        connections: Number(values.connections),
        scheme: 'V1',
        host: `127.0.0.1:${server.port}`,
        accessKeyId: key.AccessKeyId,
        accessKeySecret: key.AccessKeySecret,
        regionId: REGION,
        families: ['web'],
        count: Number(values.calls),
      },
    });
    const next = () => new Promise<unknown>((resolve) => worker.once('message', resolve));
    await next();
    await ask(operator, () => false);
    const idle = await ask(operator, () => false);
    let isOver = false;
    const ended = next().then((result) => {
      isOver = true;
      // What flooder.ts posts last.
      return result as LoadResult;
    });
    worker.postMessage('go');
    await sleep(100);
    const busy = await ask(operator, () => isOver);
    await worker.terminate();
    void ended;
    return { idle: percentile99(idle), busy: percentile99(busy), calls: busy.length };
  } finally {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
};

const all = { 'default limits': [] as number[], 'no limits': [] as number[] };
for (let i = 0; i < Number(values.rounds); i++)
  for (const [name, limits] of [
    ['default limits', []],
    ['no limits', NO_LIMITS],
  ] as const) {
    const { idle, busy, calls } = await round(limits);
    all[name].push(busy / idle);
    console.log(
      `${name}: p99 ${busy.toFixed(2)} ms in the flood (${calls} calls), ${idle.toFixed(2)} ms at rest: ${(busy / idle).toFixed(2)} times`,
    );
  }
for (const [name, ratios] of Object.entries(all))
  console.log(`median, ${name}: ${median(ratios).toFixed(2)} times the p99 at rest`);
