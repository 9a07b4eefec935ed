// One run of the real server as a child: until it is ready, or until it has died, as crash tests want it
// to. It keeps the end of the log, so that a violation can be read.
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Program } from './program.ts';

export const KEY = {
  accessKeyId: 'LTAIcrashcrashcrashcrash',
  accessKeySecret: 'kept-by-nobody-used-by-the-crash-tests',
} as const;

const READY = /^kindred ready on http:\/\/127\.0\.0\.1:(\d+)$/m;
const READY_DEADLINE_MS = 60_000;
const MAX_LOG = 1024 * 1024;

export interface ServerProcess {
  readonly pid: number;
  /** 0 until it is ready. */
  readonly port: number;
  readonly isDead: boolean;
  readonly log: string;
  /** Resolves when the process has gone, with its signal or exit code. */
  readonly died: Promise<string>;
  kill(signal?: NodeJS.Signals): Promise<string>;
}

export interface StartOptions {
  dataDir: string;
  /** `point:occurrence` at which it ends itself. */
  fault?: string;
  /** Default true; they stay shut on a directory that was not made for tests. */
  hasTestControls?: boolean;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

const environment = ({ fault, env }: StartOptions): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(KINDRED_|NODE_TEST)/.test(name)),
  ),
  KINDRED_ACCESS_KEY_ID: KEY.accessKeyId,
  KINDRED_ACCESS_KEY_SECRET: KEY.accessKeySecret,
  ...(fault === undefined ? {} : { KINDRED_TEST_FAULT: fault }),
  ...env,
});

/** Starts it and does not wait. */
export const launch = (program: Program, options: StartOptions): ServerProcess => {
  const settings = ['--listen', '127.0.0.1:0', '--data', options.dataDir];
  if (options.hasTestControls ?? true) settings.push('--test-controls');
  const child: ChildProcess = spawn(
    process.execPath,
    // The catalogue is no row: only what was acknowledged is to be listed.
    [
      ...program.argv,
      'serve',
      ...settings,
      '--catalogue',
      'none',
      // One account makes all the load.
      '--throttle=read=0',
      '--throttle=write=0',
      '--log-level',
      'warn',
      ...(options.args ?? []),
    ],
    { cwd: tmpdir(), env: environment(options), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const run = { port: 0, isDead: false, log: '', stdout: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    run.stdout += text;
    run.port = Number(READY.exec(run.stdout)?.[1] ?? 0);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    run.log = (run.log + text).slice(-MAX_LOG);
  });
  const died = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => {
      run.isDead = true;
      resolve(signal ?? `exit ${code}`);
    }),
  );
  return {
    pid: child.pid ?? 0,
    died,
    get port() {
      return run.port;
    },
    get isDead() {
      return run.isDead;
    },
    get log() {
      return run.log;
    },
    kill(signal = 'SIGKILL') {
      if (!run.isDead) child.kill(signal);
      return died;
    },
  };
};

const POLL_MS = 5;

/** Waits for the ready line; false when the process died first. */
export const isReady = async (server: ServerProcess): Promise<boolean> => {
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (!server.isDead && server.port === 0) {
    if (performance.now() > deadline) {
      await server.kill();
      throw new Error(`the server was not ready in time\n${server.log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return server.port !== 0 && !server.isDead;
};

/** Starts it and waits until it is ready. @throws when it dies before */
export const start = async (program: Program, options: StartOptions): Promise<ServerProcess> => {
  const server = launch(program, options);
  if (await isReady(server)) return server;
  throw new Error(`the server ended (${await server.died}) before it was ready\n${server.log}`);
};
