// The processes that a bench measures: starting them, stopping them, what memory they hold, and the sums over
// rounds. Nothing here sends a request.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Child {
  process: ChildProcess;
  pid: number;
  port: number;
  /** Milliseconds from spawn to the ready line. */
  readyMs: number;
  stop(): Promise<void>;
}

/** Starts a server that prints one line with its address. */
const startChild = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Child> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const port = /http:\/\/[^:]+:(\d+)/.exec(text)?.[1];
      if (port === undefined) return;
      child.stdout.removeAllListeners('data');
      child.stdout.resume();
      resolve({
        process: child,
        pid: child.pid!,
        port: Number(port),
        readyMs: performance.now() - startedAt,
        stop: () => stopChild(child),
      });
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
  });

/** One account sends all that the server can take. */
export const NO_LIMITS = ['--throttle=read=0', '--throttle=write=0'];

/** The bundle, on the data directory and a free port. */
export const startKindred = (
  dataDir: string,
  args: readonly string[] = NO_LIMITS,
): Promise<Child> =>
  startChild([
    'test/bench/kindred.js',
    'serve',
    '--listen=127.0.0.1:0',
    `--data=${dataDir}`,
    ...args,
  ]);

/** The bare server; it answers `body` to everything. */
export const startBare = (body = '{}'): Promise<Child> =>
  startChild(['test/bench/bare-server.js'], {
    BENCH_BODY: Buffer.from(body, 'latin1').toString('base64'),
  });

const stopChild = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

/** Clock ticks of the kernel's accounting. */
const TICK_MS = 10;

/** User and system time that the process (all its threads) has used, milliseconds. */
export const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};

/** Resident memory, MiB. */
export const residentMib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
