// Runs jobs-child.ts until it has died or ended.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import type { FaultPlan, FaultPoint } from '../../src/lib/fault.ts';
import type { Accepted } from './jobs-fixture.ts';

/** Compiled once for the many children of a file. */
const cache = mkdtempSync(join(tmpdir(), 'kindred-cache-'));
after(() => rmSync(cache, { recursive: true, force: true }));

const CHILD = join(import.meta.dirname, 'jobs-child.ts');

export interface Ended {
  accepted: Accepted[];
  signal: string | null;
  code: number | null;
  errors: string;
}

export const runChild = async (dataDir: string, plan: FaultPlan, task: string): Promise<Ended> => {
  const env = { ...process.env, NODE_COMPILE_CACHE: cache };
  const child = execFile(process.execPath, [CHILD, dataDir, JSON.stringify(plan), task], { env });
  const accepted: Accepted[] = [];
  let errors = '';
  createInterface({ input: child.stdout! }).on('line', (line) =>
    accepted.push(JSON.parse(line) as Accepted),
  );
  child.stderr!.on('data', (text: string) => (errors += text));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (...end) => resolve(end)),
  );
  return { accepted, signal, code, errors };
};

export const killed = (point: FaultPoint, occurrence = 1): FaultPlan => ({
  point,
  occurrence,
  action: 'kill',
});
