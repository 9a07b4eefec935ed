import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/kindred.js', import.meta.url));
export const REGION = 'cn-hangzhou';
const DEADLINE_MS = 15 * 60_000;

/** The program, in a process that a test may kill. */
export interface Running {
  child: ChildProcess;
  over: Promise<number | null>;
  isOver(): boolean;
  out(): string;
  log(): string;
}

export const startProgram = (
  words: readonly string[],
  home: string,
  endpoint: string,
  key: { accessKeyId: string; accessKeySecret: string },
): Running => {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      ALIBABA_CLOUD_ENDPOINT: endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
      ALIBABA_CLOUD_REGION_ID: REGION,
    },
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, log, isOver] = ['', '', false];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (log = (log + String(text)).slice(-4_000)));
  const over = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      isOver = true;
      resolve(code);
    }),
  );
  return { child, over, isOver: () => isOver, out: () => out, log: () => log };
};

/** @throws when it has not come true in a quarter of an hour */
export const until = async (holds: () => boolean): Promise<void> => {
  const endMs = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error('nothing has happened for too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
