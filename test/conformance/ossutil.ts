// ossutil as its users type it (`aliyun oss …`), with a home of its own, against the object door.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Scope } from '../../src/testing/server.ts';
import type { Target } from './clients.ts';
import { startProgram } from './killed.ts';

/** One command ends within it. */
const DEADLINE_MS = 60_000;

export interface Ossutil {
  /** Files of the test lie here. */
  folder: string;
  /** What it prints. @throws with it, when it fails */
  run(...args: readonly string[]): Promise<string>;
  /** What it prints when it fails. @throws when it does not */
  refused(...args: readonly string[]): Promise<string>;
  /** Starts a command that the test kills. */
  start(...args: readonly string[]): { kill(): Promise<void> };
}

/** `more` goes with every command. */
export const ossutil = (
  t: Scope,
  target: Target,
  program: string,
  more: readonly string[],
): Ossutil => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-ossutil-'));
  t.after(async () => rmSync(folder, { recursive: true, force: true }));
  const options = {
    // It leaves reports in the folder where it runs.
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      NO_PROXY: target.host,
      ALIBABA_CLOUD_ACCESS_KEY_ID: target.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: target.accessKeySecret,
      ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou',
    },
  };
  const argv = (args: readonly string[]): string[] => [
    'oss',
    ...args,
    '--endpoint',
    target.url,
    ...more,
  ];
  const run = async (...args: readonly string[]): Promise<string> => {
    const limits = { ...options, timeout: DEADLINE_MS };
    const { stdout, stderr } = await promisify(execFile)(program, argv(args), limits).catch(
      (thrown: { stdout: string; stderr: string }) => {
        throw new Error(`ossutil ${args.join(' ')}: ${thrown.stdout}\n${thrown.stderr}`);
      },
    );
    // Some commands say what failed and end with 0.
    if (/error/i.test(stdout + stderr)) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  return {
    folder,
    run,
    refused: (...args) =>
      run(...args).then(
        (told) => {
          throw new Error(`was not refused: ${told}`);
        },
        (thrown: Error) => thrown.message,
      ),
    start: (...args) => startProgram(program, argv(args), options),
  };
};

/** A file of random bytes. @returns their SHA-256 */
export const randomFile = (path: string, sizeBytes: number): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, randomBytes(sizeBytes));
  return sha256OfFile(path);
};

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

export const sha256OfFile = (path: string): string => sha256(readFileSync(path));
