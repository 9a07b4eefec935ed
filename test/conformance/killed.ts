// A program that is killed in the middle of its work, and does it again.
import { spawn, type SpawnOptions } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Seen } from './seen.ts';
import { until } from './story.ts';

const CHECKPOINT_MS = 100;

export interface Interrupted {
  /** Of the object door, as of now. */
  calls: readonly Seen[];
  operation: string;
  /** Calls of it that are answered before the kill. */
  answered: number;
  /** Begins slowly. */
  start(): { kill(): Promise<void> };
  /** Whole. */
  again(): Promise<unknown>;
  /** Between the two. */
  meanwhile?(): Promise<void>;
}

export const count = (calls: readonly Seen[], operation: string): number =>
  calls.filter((call) => call.operation === `oss:${operation}` && call.code === 'OK').length;

/** What the second run called. */
export const killAndRepeat = async (work: Interrupted): Promise<Seen[]> => {
  const { calls, operation, answered } = work;
  const before = count(calls, operation);
  const running = work.start();
  const isUnderway = () => count(calls, operation) >= before + answered || undefined;
  await until(() => Promise.resolve(isUnderway()), `${answered} times ${operation}`);
  // It writes its checkpoint after the answer, and some do so in place.
  await pause(CHECKPOINT_MS);
  await running.kill();
  await work.meanwhile?.();
  const begun = calls.length;
  await work.again();
  return calls.slice(begun);
};

export const startProgram = (
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): { kill(): Promise<void> } => {
  const child = spawn(program, args, { ...options, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
};
