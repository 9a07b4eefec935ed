// A data directory with three imports, as the tests of killed processes begin with it.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { newDataDir, openPlace, putObject, scratch, type Accepted } from './jobs-fixture.ts';
import { killed, runChild } from './run-child.ts';

export const good = makeQcow2({
  virtualSizeBytes: 2 ** 30,
  guestData: { seed: 1, sizeBytes: 5_000_000 },
});
const bad = good.slice(0, 3_000_000);

export const furnish = async (dataDir: string): Promise<void> => {
  const place = await openPlace(dataDir);
  putObject(place, 'a.qcow2', good);
  putObject(place, 'b.qcow2', good);
  putObject(place, 'bad.qcow2', bad);
  await place.close();
};

const place = mkdtempSync(join(scratch, 'kindred-imported-'));
after(() => rmSync(place, { recursive: true, force: true }));

/** Made once: a data directory in which two of three imports are images of equal bytes. */
let imported: Promise<{ dataDir: string; accepted: Accepted[] }> | undefined;

const importOnce = async (): Promise<{ dataDir: string; accepted: Accepted[] }> => {
  const dataDir = join(place, 'imported');
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
