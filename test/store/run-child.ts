// The process that is made to die: starting it on a data directory with a plan of where it dies, and the
// disks that it is given.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext } from 'node:test';
import type { FaultPlan, FaultPoint } from '../../src/lib/fault.ts';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { newDataDir, openPlace, putObject, scratch, type Accepted } from './jobs-fixture.ts';

/** What the many children of a test file have in common. */
const cache = mkdtempSync(join(scratch, 'kindred-cache-'));
after(() => rmSync(cache, { recursive: true, force: true }));

const CHILD = join(import.meta.dirname, 'jobs-child.ts');
export const good = makeQcow2({
  virtualSizeBytes: 2 ** 30,
  guestData: { seed: 1, sizeBytes: 5_000_000 },
});
const bad = good.slice(0, 3_000_000);

export interface Ended {
  accepted: Accepted[];
  signal: string | null;
  code: number | null;
  errors: string;
}

/** Runs the child; resolves when it has died or ended. */
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

export const furnish = async (dataDir: string): Promise<void> => {
  const place = await openPlace(dataDir);
  putObject(place, 'a.qcow2', good);
  putObject(place, 'b.qcow2', good);
  putObject(place, 'bad.qcow2', bad);
  await place.close();
};

/** Made once: a data directory in which two of three imports are images of equal bytes. */
let imported: Promise<{ dataDir: string; accepted: Accepted[] }> | undefined;

const importOnce = async (): Promise<{ dataDir: string; accepted: Accepted[] }> => {
  const dataDir = join(cache, 'imported');
  mkdirSync(dataDir);
  await furnish(dataDir);
  const ended = await runChild(dataDir, killed('cancel.cleaned'), 'import');
  assert.equal(ended.code, 0, ended.errors);
  return { dataDir, accepted: ended.accepted };
};

/** A copy of it for the test. */
export const importedDir = async (
  t: TestContext,
): Promise<{ dataDir: string; accepted: Accepted[] }> => {
  const { dataDir: source, accepted } = await (imported ??= importOnce());
  const dataDir = newDataDir(t);
  cpSync(source, dataDir, { recursive: true });
  return { dataDir, accepted };
};
