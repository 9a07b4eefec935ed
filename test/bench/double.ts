// `npm run bench:double`: what the double costs a test. In process: the import of `kindred/testing` apart, an
// instance until it answers, `reset()`, a hundred at once; a world over HTTP; and a server process: memory
// at rest. It measures the bundle, as a package brings it; run `npm run build` first. Start to first answer
// beside a bare Node server is measured by `npm run bench`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, residentMib, startKindred } from './process.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    instances: { type: 'string', default: '100' },
  },
});

const BUNDLE = new URL('../../dist/testing.js', import.meta.url);

/** In a fresh process, since a module is loaded once; milliseconds. */
const importMs = (): number =>
  Number(
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const a = performance.now(); await import(${JSON.stringify(BUNDLE.href)}); console.log(performance.now() - a); process.exit(0)`,
      ],
      { encoding: 'utf8' },
    ),
  );

const timed = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
  const startedMs = performance.now();
  const result = await work();
  return [performance.now() - startedMs, result];
};

const show = (what: string, times: readonly number[]): void => {
  const sorted = times.toSorted((a, b) => a - b);
  console.log(
    `${what}: median ${median(times).toFixed(2)} ms (${sorted[0]!.toFixed(2)} to ${sorted.at(-1)!.toFixed(2)}, ${times.length} times)`,
  );
};

const rounds = Number(values.rounds);
show(
  'import of kindred/testing',
  Array.from({ length: 7 }, () => importMs()),
);
const { startKindred: start } = (await import(
  BUNDLE.href
)) as typeof import('../../src/testing/start-kindred.ts');

const ready: number[] = [];
const resets: number[] = [];
const worlds: number[] = [];
for (let round = 0; round < rounds; round++) {
  const [readyMs, kindred] = await timed(async () => {
    const opened = await start();
    const answer = await fetch(`${opened.endpoint}/?Action=DescribeRegions&Version=2014-05-26`);
    if (answer.status !== 400) throw new Error(`not an answer of Kindred: ${answer.status}`);
    return opened;
  });
  ready.push(readyMs);
  await kindred.client().createSecurityGroup({ RegionId: 'cn-hangzhou' });
  resets.push((await timed(() => kindred.reset()))[0]);
  const [worldMs, world] = await timed(() => kindred.world());
  worlds.push(worldMs);
  await world.close();
  await kindred.close();
}
show('in process, start to first answer', ready);
show('reset()', resets);
show('a world', worlds);

const count = Number(values.instances);
const [allMs, all] = await timed(() => Promise.all(Array.from({ length: count }, () => start())));
const named = await Promise.all(
  all.map(async (kindred, i) => {
    const client = kindred.client();
    await client.createSecurityGroup({ RegionId: 'cn-hangzhou', SecurityGroupName: `of-${i}` });
    const found = await client.describeSecurityGroups({ RegionId: 'cn-hangzhou' });
    return found.SecurityGroups.SecurityGroup.map(({ SecurityGroupName }) => SecurityGroupName);
  }),
);
if (named.some((names, i) => names.length !== 1 || names[0] !== `of-${i}`))
  throw new Error('instances share state');
console.log(`${count} instances at once: ${allMs.toFixed(0)} ms, each with its own state only`);
await Promise.all(all.map((kindred) => kindred.close()));

const dataDir = mkdtempSync(join(tmpdir(), 'kindred-bench-double-'));
const server = await startKindred(dataDir, ['--test-controls', '--log-level=error']);
const overHttp: number[] = [];
const atRest = residentMib(server.pid);
for (let round = 0; round < rounds; round++) {
  const [ms, made] = await timed(async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/_test/worlds`, {
      method: 'POST',
    });
    return (await response.json()) as { WorldId: string };
  });
  overHttp.push(ms);
  await fetch(`http://127.0.0.1:${server.port}/_test/worlds/${made.WorldId}`, { method: 'DELETE' });
}
show('POST /_test/worlds', overHttp.slice(1));
console.log(`a server at rest: ${atRest.toFixed(0)} MiB resident`);
await server.stop();
rmSync(dataDir, { recursive: true, force: true });
