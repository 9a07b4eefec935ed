// A client of another language, as a program that answers line by line: `{"action", "input"}` goes in under
// wire names, out comes what a caller of that client holds in hand. Its arguments end with host:port,
// key id and key secret.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Scope } from '../../src/testing/server.ts';
import type { Input } from '../wire/corpus.ts';
import type { Answer, Target } from './clients.ts';

export interface Told {
  /** As the client's own model parsed it, under wire names. */
  answer?: Answer;
  /** As a caller sees the exception. */
  error?: { code: string; status: number; requestId: string; message: string };
}

export type Ask = (action: string, input: Input) => Promise<Told>;

/** One call at a time; the program ends with the test. */
export const startDriver = (
  t: Scope,
  command: string,
  args: readonly string[],
  { host, port, accessKeyId, accessKeySecret }: Target,
): Ask => {
  const all = [...args, `${host}:${port}`, accessKeyId, accessKeySecret];
  const child = spawn(command, all, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  t.after(async () => void child.kill());
  return async (action, input) => {
    child.stdin.write(`${JSON.stringify({ action, input })}\n`);
    const { value } = await lines.next();
    const told = JSON.parse(String(value)) as Told & { broken?: string };
    if (told.broken !== undefined) throw new Error(`${action}: ${told.broken}`);
    return told;
  };
};

/** The typed answer. @throws when the client threw */
export const answerOf =
  (ask: Ask) =>
  async (action: string, input: Input): Promise<Answer> => {
    const { answer, error } = await ask(action, input);
    if (answer === undefined) throw new Error(`${action}: ${JSON.stringify(error)}`);
    return answer;
  };
