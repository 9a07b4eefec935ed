// `node test/bench/writes.ts`: signed writes through the whole pipeline, no port between, on a real data
// directory with every commit synced. One server in one process, so that two checkouts can be compared by
// running this file in each in turn. Requests are signed beforehand: only the server's work is measured.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClocks } from '../../src/lib/clock.ts';
import { openKindred } from '../../src/server/compose.ts';
import { makeLog } from '../../src/server/log.ts';
import { signedRequest } from '../../src/testing/sign.ts';

const { values } = parseArgs({
  options: {
    writes: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '128' },
  },
});

const dataDir = mkdtempSync(join(tmpdir(), 'kindred-bench-'));
const kindred = await openKindred({ dataDir, log: makeLog('silent') });
const key = kindred.freshRootKey!;
// A thread that folds the log keeps no process alive; this does, until everything is closed.
const awake = setInterval(() => undefined, 1_000);
const base = { version: '2014-05-26', format: 'JSON' as const };

/** Tags on a resource that is there: a handler that does little, so that what is around it shows. */
const sign = (
  count: number,
  make: (at: number) => Readonly<Record<string, string>>,
  action: string,
) =>
  Array.from({ length: count }, (_, at) =>
    signedRequest(make(at), { ...key, ...base, action, nowMs: systemClocks.wallMs() }),
  );

const [made] = sign(1, () => ({ RegionId: 'cn-hangzhou', KeyPairName: 'bench' }), 'CreateKeyPair');
await kindred.handle(made!);

interface Figure {
  rate: number;
  cpuUs: number;
}

const run = async (requests: ReturnType<typeof sign>): Promise<Figure> => {
  let next = 0;
  let failed = 0;
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const client = async (): Promise<void> => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const { status, body } = await kindred.handle(request);
      if (status !== 200 && failed++ === 0) console.log(Buffer.from(body).toString('utf8'));
    }
  };
  await Promise.all(Array.from({ length: Number(values.clients) }, client));
  if (failed > 0) throw new Error(`${failed} writes failed`);
  const { user, system } = process.cpuUsage(before);
  return {
    rate: (requests.length / (performance.now() - startedMs)) * 1000,
    cpuUs: (user + system) / requests.length,
  };
};

const tag = (at: number) => ({
  RegionId: 'cn-hangzhou',
  ResourceType: 'keypair',
  'ResourceId.1': 'bench',
  'Tag.1.Key': `key-${at % 4}`,
  'Tag.1.Value': `value-${at}`,
});

const median = (of: (figure: Figure) => number): number =>
  figures.map(of).toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!;

await run(sign(Number(values.writes), tag, 'TagResources'));
const figures: Figure[] = [];
for (let round = 0; round < Number(values.rounds); round++)
  figures.push(await run(sign(Number(values.writes), tag, 'TagResources')));
console.log(
  `${median(({ rate }) => rate).toFixed(0)} writes/s, ${median(({ cpuUs }) => cpuUs).toFixed(0)} µs of processor a write (median of ${figures.length}; best ${Math.max(...figures.map(({ rate }) => rate)).toFixed(0)}/s, ${Math.min(...figures.map(({ cpuUs }) => cpuUs)).toFixed(0)} µs)`,
);
await kindred.close();
clearInterval(awake);
rmSync(dataDir, { recursive: true, force: true });
