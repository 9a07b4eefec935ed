// `npm run bench:flood`: one account floods the server with signed calls on many connections, as fast as
// it is answered; another asks every few milliseconds. What the other's calls take in the flood's first
// second, when a burst is let in, and from then on, beside what they take at rest; with the default limits
// and without any, in turn in one run. It measures the bundle.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Api } from '../crash/api.ts';
import { median, NO_LIMITS, startKindred } from './process.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    /** Calls of the flood in a round. */
    calls: { type: 'string', default: '60000' },
    connections: { type: 'string', default: '64' },
  },
});

const REGION = 'cn-hangzhou';
const CALL_EVERY_MS = 5;
const CALLS = 400;
/** The flood's first second: as much as its account may send at once is let in. */
const BURST_MS = 1_000;

const rootKey = (dataDir: string) =>
  // The file that the first start wrote.
  JSON.parse(readFileSync(join(dataDir, 'root-key.json'), 'utf8')) as ConstructorParameters<
    typeof Api
  >[1];

const percentile99 = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!;

/** Asks so many times, or until `isOver`; how long each took, milliseconds. */
const ask = async (api: Api, calls: number, isOver: () => boolean): Promise<number[]> => {
  const times: number[] = [];
  while (times.length < calls && !isOver()) {
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
    await ask(operator, CALLS, () => false);
    const idle = await ask(operator, CALLS, () => false);
    let isOver = false;
    void next().then(() => {
      isOver = true;
    });
    worker.postMessage('go');
    const burstEndsMs = performance.now() + BURST_MS;
    const burst = await ask(operator, CALLS, () => isOver || performance.now() > burstEndsMs);
    const steady = await ask(operator, CALLS, () => isOver);
    await worker.terminate();
    return { idle: percentile99(idle), burst: percentile99(burst), steady: percentile99(steady) };
  } finally {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
};

const TIMES = ['burst', 'steady'] as const;
const SETTINGS = { 'default limits': [], 'no limits': NO_LIMITS };
const ratios = new Map<string, number[]>();
for (let i = 0; i < Number(values.rounds); i++)
  for (const [name, limits] of Object.entries(SETTINGS)) {
    const found = await round(limits);
    for (const time of TIMES) {
      const what = `${name}, ${time === 'burst' ? 'first second' : 'from then on'}`;
      const ratio = found[time] / found.idle;
      ratios.set(what, [...(ratios.get(what) ?? []), ratio]);
      console.log(
        `${what}: p99 ${found[time].toFixed(2)} ms, ${found.idle.toFixed(2)} ms at rest: ${ratio.toFixed(2)} times`,
      );
    }
  }
for (const [what, seen] of ratios)
  console.log(`median, ${what}: ${median(seen).toFixed(2)} times the p99 at rest`);
