// `npm run bench:peers` (after `npm run build`): what a double costs before its first test, Kindred beside the
// doubles of other clouds: process start to the first answer over HTTP, resident memory at rest, and the
// size of the install with its dependencies. All are installed from their registries in pinned versions,
// without install scripts, outside the checkout; Kindred is packed and installed like them. Each starts in
// its fastest documented way that keeps nothing on the disk, and the rounds go through all of them in turn.
// A peer that cannot be had is named and left out.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median, residentMib } from './process.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });

const CACHE = join(
  process.env.KINDRED_TEST_CONFORMANCE_CACHE ?? join(homedir(), '.cache/kindred-conformance'),
  'peers',
);
const POLL_MS = 2;
const DEADLINE_MS = 60_000;
/** How long a server has nothing to do before its memory is read. */
const REST_MS = 2_000;
const INSTALL_DEADLINE_MS = 10 * 60_000;

interface Peer {
  name: string;
  /** What is installed, as its registry writes it. */
  pin: string;
  /** Brings it into the folder. @throws when it cannot be had */
  install(folder: string): void;
  /** Program and arguments, in the folder. */
  start(folder: string, port: number): readonly [string, ...string[]];
  /** A request without a key: any answer counts. */
  path: string;
}

const run = (program: string, args: readonly string[], cwd: string): string =>
  execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: INSTALL_DEADLINE_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const npmInstall = (folder: string, what: string): void => {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev', '--no-package-lock'];
  run('npm', ['install', '--prefix', folder, ...quiet, what], folder);
};

const fromNpm = (pin: string) => (folder: string) => npmInstall(folder, pin);

const PEERS: readonly Peer[] = [
  {
    name: 'Kindred',
    pin: 'this checkout, packed',
    install(folder) {
      const packed = run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], '.');
      npmInstall(folder, join(folder, packed.trim().split('\n').at(-1)!));
      for (const name of readdirSync(folder)) if (name.endsWith('.tgz')) rmSync(join(folder, name));
    },
    start: (folder, port) => [
      process.execPath,
      join(folder, 'node_modules/kindred/bin/kindred.js'),
      'serve',
      '--ephemeral',
      '--test-controls',
      `--listen=127.0.0.1:${port}`,
    ],
    path: '/?Action=DescribeRegions&Version=2014-05-26',
  },
  {
    name: "moto's server",
    pin: 'moto[server]==5.2.5',
    install(folder) {
      run('python3', ['-m', 'venv', folder], folder);
      const quiet = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
      run(join(folder, 'bin/pip'), ['install', ...quiet, this.pin], folder);
    },
    start: (folder, port) => [
      join(folder, 'bin/python'),
      join(folder, 'bin/moto_server'),
      '-H127.0.0.1',
      `-p${port}`,
    ],
    path: '/moto-api/',
  },
  {
    name: 'Azurite, blobs only',
    pin: 'azurite@3.37.0',
    install: fromNpm('azurite@3.37.0'),
    start: (folder, port) => [
      process.execPath,
      join(folder, 'node_modules/azurite/dist/src/blob/main.js'),
      '--inMemoryPersistence',
      '--silent',
      '--disableTelemetry',
      `--blobPort=${port}`,
    ],
    path: '/devstoreaccount1?comp=list',
  },
  {
    name: 'dynalite',
    pin: 'dynalite@4.0.0',
    install: fromNpm('dynalite@4.0.0'),
    start: (folder, port) => [
      process.execPath,
      join(folder, 'node_modules/dynalite/cli.js'),
      '--host=127.0.0.1',
      `--port=${port}`,
    ],
    path: '/',
  },
];

/** Bytes of all files below a folder, each once: a virtual environment has its library under two names. */
const sizeOf = (folder: string): number => {
  const sizes = new Map<number, number>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const entry = lstatSync(join(folder, name));
    if (entry.isFile()) sizes.set(entry.ino, entry.size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
};

/** What is there in that version stays; Kindred is packed anew. */
const folderOf = (peer: Peer): string => {
  const folder = join(CACHE, peer.pin.replaceAll(/[^\w.]+/g, '-'));
  const mark = join(folder, 'installed');
  if (peer.name === 'Kindred') rmSync(folder, { recursive: true, force: true });
  if (existsSync(mark)) return folder;
  mkdirSync(folder, { recursive: true });
  peer.install(folder);
  mkdirSync(mark);
  return folder;
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Whether there was an answer, whatever it says. */
const isAnswered = (port: number, path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume().once('end', () => resolve(true));
    });
    request.once('error', () => resolve(false));
  });

/** What V8 compiled is kept for every server on Node, as Kindred does by itself; Python does it by itself. */
const compiled = mkdtempSync(join(tmpdir(), 'kindred-bench-compiled-'));

const measure = async (peer: Peer, folder: string): Promise<{ ms: number; mib: number }> => {
  const port = await freePort();
  const cwd = mkdtempSync(join(tmpdir(), 'kindred-bench-peer-'));
  const [program, ...args] = peer.start(folder, port);
  const startedMs = performance.now();
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const child = spawn(program, args, { cwd, stdio: 'ignore', env });
  const gone = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  try {
    while (!(await isAnswered(port, peer.path))) {
      if (child.exitCode !== null || performance.now() - startedMs > DEADLINE_MS)
        throw new Error(`${peer.name} gave no answer (exit code ${child.exitCode})`);
      await sleep(POLL_MS);
    }
    const ms = performance.now() - startedMs;
    await sleep(REST_MS);
    return { ms, mib: residentMib(child.pid!) };
  } finally {
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    await gone;
    clearTimeout(kill);
    rmSync(cwd, { recursive: true, force: true });
  }
};

const present: { peer: Peer; folder: string; times: number[]; memory: number[] }[] = [];
for (const peer of PEERS)
  try {
    present.push({ peer, folder: folderOf(peer), times: [], memory: [] });
  } catch (error) {
    console.log(`left out: ${peer.name} (${peer.pin}): ${String(error).split('\n')[0]}`);
  }
// The first round fills the caches and is not counted.
for (let round = 0; round <= Number(values.rounds); round++)
  for (const { peer, folder, times, memory } of present) {
    const { ms, mib } = await measure(peer, folder);
    if (round === 0) continue;
    times.push(ms);
    memory.push(mib);
  }
rmSync(compiled, { recursive: true, force: true });

const rows = present.map(({ peer, folder, times, memory }) => ({
  name: `${peer.name} (${peer.pin})`,
  figures: [median(times), median(memory), sizeOf(folder) / 2 ** 20],
}));
const own = rows[0]!.figures;
console.log(
  '| | start to first answer | resident at rest | installed |\n| --- | --- | --- | --- |',
);
for (const { name, figures } of rows) {
  const cells = figures.map(
    (value, i) => `${value.toFixed(0)} ${i === 0 ? 'ms' : 'MiB'} (${(value / own[i]!).toFixed(2)})`,
  );
  console.log(`| ${[name, ...cells].join(' | ')} |`);
}
console.log(
  `medians of ${values.rounds}; in brackets beside Kindred; Node.js ${process.versions.node}`,
);
