// A real Kindred in a process of its own: `bin/kindred.js serve` on a free port of the loopback, ready
// when this resolves. For suites that look from outside: sockets, signals, crashes, two servers on
// one data directory. Nothing here reads the rows or speaks the API.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { KeyPair } from '../server/first-account.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/kindred.js', import.meta.url));
const READY = /^kindred ready on (https?:\/\/(.+):(\d+))$/m;
const READY_DEADLINE_MS = 90_000;
/** Longest log that is kept of one run. */
const MAX_LOG = 16 * 1024 * 1024;

/** A test's context, or `{ after }` of node:test for a server of a whole file. */
export interface Scope {
  after(fn: () => Promise<void>): void;
}

type Environment = Readonly<Record<string, string>>;

export interface ServerOptions {
  /** Default: a temporary one, removed when the test ends. */
  dataDir?: string;
  env?: Environment;
  /** Further arguments of `serve`. */
  args?: readonly string[];
  /** The program and its first arguments; default: this checkout's. */
  program?: readonly [string, ...string[]];
  /** User that it runs as, to whom the data directory is given; only root may choose one. */
  uid?: number;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface TestServer {
  /** `http://127.0.0.1:41234`; after `restart` another one. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** The root key: as given by the environment, or out of `root-key.json`. */
  readonly key: KeyPair;
  /** Standard output and standard error of the run so far. */
  readonly stdout: string;
  readonly log: string;
  /** The server's end of standard error: `stderr.destroy()` plays a log reader that goes away. */
  readonly stderr: Readable;
  /** SIGTERM; resolves when the process has gone. */
  stop(): Promise<Exit>;
  /** SIGKILL; resolves when the process has gone. */
  kill(): Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<Exit>;
  /** Stops it if it runs and starts it again on the same data. */
  restart(options?: Pick<ServerOptions, 'env' | 'args'>): Promise<void>;
}

/** How a run that never got ready ended. */
export interface FailedStart extends Exit {
  stdout: string;
  log: string;
  elapsedMs: number;
}

interface Run {
  child: ChildProcessByStdio<null, Readable, Readable>;
  exited: Promise<Exit>;
  isOver: boolean;
  stdout: string;
  log: string;
}

const environmentOf = (own: Environment = {}): NodeJS.ProcessEnv => {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('KINDRED_') && !name.startsWith('NODE_TEST'),
  );
  return { ...Object.fromEntries(inherited), ...own };
};

const launch = (dataDir: string, options: ServerOptions): Run => {
  const listen = options.args?.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const data = options.args?.includes('--ephemeral') ? [] : ['--data', dataDir];
  const [program, ...first] = options.program ?? [process.execPath, PROGRAM];
  const child = spawn(
    program,
    [...first, 'serve', ...listen, ...data, ...(options.args ?? [])],
    // Not the checkout: a kindred.json there is no setting of a test.
    {
      cwd: tmpdir(),
      env: environmentOf(options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
    },
  );
  const run: Run = {
    child,
    isOver: false,
    stdout: '',
    log: '',
    exited: new Promise((resolve) =>
      child.once('close', (code, signal) => {
        run.isOver = true;
        resolve({ code, signal });
      }),
    ),
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (run.log.length < MAX_LOG) run.log += text;
  });
  return run;
};

const ready = async (run: Run): Promise<RegExpExecArray> => {
  const seen = new Promise<RegExpExecArray>((resolve) => {
    const look = (): void => {
      const match = READY.exec(run.stdout);
      if (match) resolve(match);
    };
    run.child.stdout.on('data', look);
  });
  const deadline = AbortSignal.timeout(READY_DEADLINE_MS);
  const late = new Promise<never>((_resolve, reject) =>
    deadline.addEventListener('abort', () => reject(new Error(`not ready in time\n${run.log}`))),
  );
  const over = run.exited.then((exit): never => {
    throw new Error(
      `kindred ended with ${exit.code ?? exit.signal} before it was ready\n${run.log}`,
    );
  });
  return Promise.race([seen, over, late]);
};

const keyOf = (dataDir: string, env: Environment = {}): KeyPair => {
  const { KINDRED_ACCESS_KEY_ID: accessKeyId, KINDRED_ACCESS_KEY_SECRET: accessKeySecret } = env;
  if (accessKeyId && accessKeySecret) return { accessKeyId, accessKeySecret };
  return JSON.parse(readFileSync(join(dataDir, 'root-key.json'), 'utf8')) as KeyPair;
};

/** Starts a server and waits for its ready line; it is killed and its data removed after the test. */
export const startServer = async (t: Scope, options: ServerOptions = {}): Promise<TestServer> => {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'kindred-server-'));
  if (options.uid !== undefined) chownSync(dataDir, options.uid, options.uid);
  let run = launch(dataDir, options);
  t.after(async () => {
    run.child.kill('SIGKILL');
    await run.exited;
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  });
  let [, url = '', host = '', port = ''] = await ready(run);
  const key = keyOf(dataDir, options.env);
  const end = (signal: NodeJS.Signals): Promise<Exit> => {
    if (!run.isOver) run.child.kill(signal);
    return run.exited;
  };
  return {
    get url() {
      return url;
    },
    get host() {
      return host;
    },
    get port() {
      return Number(port);
    },
    get pid() {
      return run.child.pid ?? 0;
    },
    get stdout() {
      return run.stdout;
    },
    get log() {
      return run.log;
    },
    get stderr() {
      return run.child.stderr;
    },
    get exited() {
      return run.exited;
    },
    dataDir,
    key,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    signal: (name) => void run.child.kill(name),
    async restart(changed = {}) {
      await end('SIGTERM');
      run = launch(dataDir, { ...options, ...changed });
      [, url = '', host = '', port = ''] = await ready(run);
    },
  };
};

/** Runs `serve` with settings that it is expected to refuse, until it ends by itself or is ready. */
export const runServe = async (
  t: Scope,
  options: ServerOptions & { dataDir: string },
): Promise<FailedStart> => {
  const startedMs = performance.now();
  const run = launch(options.dataDir, options);
  t.after(async () => {
    run.child.kill('SIGKILL');
    await run.exited;
  });
  await Promise.race([run.exited, ready(run).catch(() => undefined)]);
  const elapsedMs = performance.now() - startedMs;
  if (!run.isOver) run.child.kill('SIGKILL');
  const exit = await run.exited;
  return { ...exit, stdout: run.stdout, log: run.log, elapsedMs };
};
