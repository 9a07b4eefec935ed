// What each client really called, seen on the wire by a forward before the server under test. It works
// the same for a server that KINDRED_URL names, and for a client that takes the forward for its HTTP
// proxy. `test/run.ts` names the folder of the records; a file that is run by itself leaves none.
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Scope } from '../../src/testing/server.ts';
import type { Target } from './clients.ts';
import { startForward } from './forward.ts';
import type { Seen } from './seen.ts';

/** How a client is called in the table, in driven.json and on the page of coverage. */
export interface ClientId {
  /** Short, without the version: `Packer`. */
  client: string;
  version: string;
}

/** What one test saw of one client. */
export interface Recorded extends ClientId {
  /** The test file without its ending. */
  suite: string;
  passed: boolean;
  /** Why it did not run. */
  skipped?: string;
  /** Operation → how often it was answered with which code (`OK` for success). */
  operations: Record<string, Record<string, number>>;
  /** `<operation> <parameter>` that nothing in the server read → how often. */
  ignored: Record<string, number>;
}

const suite = basename(process.argv[1] ?? '').replace(/(\.test)?\.[cm]?[jt]s$/, '');

const write = (record: Recorded): void => {
  const folder = process.env.KINDRED_TEST_RECORDS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(record));
};

/** The client's row in the table when its program is missing. */
export const recordSkip = (id: ClientId, reason: string): void =>
  write({ ...id, suite, passed: false, skipped: reason, operations: {}, ignored: {} });

/**
 * The target as this client is to be told it: the same server behind a forward of its own that records.
 * It ends with the test `t`, and the record says whether that test passed.
 */
export const recorded = async (t: Scope, target: Target, id: ClientId): Promise<Target> => {
  const record: Recorded = { ...id, suite, passed: false, operations: {}, ignored: {} };
  const { port, close } = await startForward(target, (seen) => add(record, seen));
  t.after(async () => {
    write({ ...record, passed: hasPassed(t) });
    close();
  });
  return { ...target, url: `http://127.0.0.1:${port}`, host: '127.0.0.1', port };
};

/** Node has it; its types do not yet. */
const hasPassed = (t: Scope): boolean => (t as Scope & { passed?: boolean }).passed === true;

const add = (
  { operations, ignored }: Recorded,
  { operation, code, ignored: names }: Seen,
): void => {
  const codes = (operations[operation] ??= {});
  codes[code] = (codes[code] ?? 0) + 1;
  for (const name of names) {
    const key = `${operation} ${name}`;
    ignored[key] = (ignored[key] ?? 0) + 1;
  }
};
