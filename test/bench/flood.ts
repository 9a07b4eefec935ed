// `npm run bench:flood`: one account floods the server with signed calls on many connections, as fast as
// it is answered; another asks every few milliseconds. What the other's calls take in the flood's first
// second, when a burst is let in, and from then on, beside what they take at rest; with the default limits
// and without any, in turn in one run. It measures the bundle.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fork } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Api } from '../crash/api.ts';
import type { FlooderOptions, FlooderOrder } from './flooder.ts';
import { cpuMs, median, NO_LIMITS, startKindred } from './process.ts';

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
const OWN_EVERY_MS = 1;
/**
 * Of a first flood, whose beginning is shown apart: a server that was started a moment ago compiles its code
 * and grows its heap while it serves. The rest is measured when it has done so, after a rest in which the
 * flooder's account regains all that it may send at once.
 */
const COLD_CALLS = 10_000;
/** The flood's first second: as much as its account may send at once is let in. */
const BURST_MS = 1_000;

const rootKey = (dataDir: string) =>
  // The file that the first start wrote.
  JSON.parse(readFileSync(join(dataDir, 'root-key.json'), 'utf8')) as ConstructorParameters<
    typeof Api
  >[1];

const percentile99 = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!;

interface Asked {
  /** Of the calls, milliseconds. */
  p99: number;
  /** By how much the asking process itself was late, 99 of 100 times, milliseconds: not the server's doing. */
  ownP99: number;
  /** Part of a core that the server had meanwhile: whether it was flooded at all. */
  core: number;
}

/** Asks so many times, or until `isOver`. */
const ask = async (api: Api, pid: number, isOver: () => boolean): Promise<Asked> => {
  const beganMs = performance.now();
  const usedMs = cpuMs(pid);
  const times: number[] = [];
  const own = monitorEventLoopDelay({ resolution: OWN_EVERY_MS });
  own.enable();
  while (times.length < CALLS && !isOver()) {
    const startedAt = performance.now();
    await api.must('DescribeImageFromFamily', { RegionId: REGION, ImageFamily: 'web' });
    times.push(performance.now() - startedAt);
    await sleep(CALL_EVERY_MS);
  }
  own.disable();
  return {
    p99: percentile99(times),
    ownP99: own.percentile(99) / 1e6 - OWN_EVERY_MS,
    core: (cpuMs(pid) - usedMs) / (performance.now() - beganMs),
  };
};

const round = async (limits: readonly string[]) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-bench-flood-'));
  const server = await startKindred(join(root, 'data'), limits);
  try {
    const operator = new Api(server.port, rootKey(join(root, 'data')));
    const { AccountId } = await operator.must('CreateAccount', { AccountName: 'flooder' });
    const key = await operator.must('CreateAccessKey', { AccountId });
    const options: FlooderOptions = {
      port: server.port,
      connections: Number(values.connections),
      scheme: 'V1',
      host: `127.0.0.1:${server.port}`,
      accessKeyId: key.AccessKeyId,
      accessKeySecret: key.AccessKeySecret,
      regionId: REGION,
      families: ['web'],
      count: COLD_CALLS + Number(values.calls),
    };
    const flooder = fork(new URL('flooder.ts', import.meta.url), { serialization: 'advanced' });
    const told = () => new Promise<unknown>((resolve) => flooder.once('message', resolve));
    const order = (text: FlooderOrder) => void flooder.send(text);
    order(options);
    await told();
    const asked = (isEnough = () => false) => ask(operator, server.pid, isEnough);
    const flood = async (calls: number) => {
      let isOver = false;
      const ended = told().then(() => {
        isOver = true;
      });
      order({ calls });
      const burstEndsMs = performance.now() + BURST_MS;
      const burst = await asked(() => isOver || performance.now() > burstEndsMs);
      const steady = await asked(() => isOver);
      order('stop');
      await ended;
      return { burst, steady };
    };
    await asked();
    const { burst: cold } = await flood(COLD_CALLS);
    const idle = await asked();
    const found = await flood(Number(values.calls));
    flooder.kill();
    return { idle, cold, ...found };
  } finally {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
};

const TIMES = {
  cold: 'first second, server just started',
  burst: 'first second',
  steady: 'from then on',
} as const;
const SETTINGS = { 'default limits': [], 'no limits': NO_LIMITS };
const ratios = new Map<string, number[]>();
for (let i = 0; i < Number(values.rounds); i++)
  for (const [name, limits] of Object.entries(SETTINGS)) {
    const found = await round(limits);
    for (const [time, when] of Object.entries(TIMES)) {
      const what = `${name}, ${when}`;
      // A key of the same object.
      const { p99, ownP99, core } = found[time as keyof typeof TIMES];
      const ratio = p99 / found.idle.p99;
      ratios.set(what, [...(ratios.get(what) ?? []), ratio]);
      console.log(
        `${what}: p99 ${p99.toFixed(2)} ms, ${found.idle.p99.toFixed(2)} ms at rest: ${ratio.toFixed(2)} times (own delay ${ownP99.toFixed(2)}, ${found.idle.ownP99.toFixed(2)} ms; server ${(core * 100).toFixed(0)} % of a core)`,
      );
    }
  }
for (const [what, seen] of ratios)
  console.log(`median, ${what}: ${median(seen).toFixed(2)} times the p99 at rest`);
