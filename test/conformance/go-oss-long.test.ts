// The object door through the two official Go SDKs of OSS, in both versions of their signatures, by the
// driver in go-oss/: a bucket from its making to its end, and transfers in parts that are killed and go on.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { startForward } from './forward.ts';
import { count, killAndRepeat, startProgram } from './killed.ts';
import { randomFile, sha256, sha256OfFile } from './ossutil.ts';
import { findGoDriver, GO_OSS_CLIENTS, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import type { Seen } from './seen.ts';
import { conformance } from './target.ts';

const NAME = 'the Go SDKs of OSS';
const DEADLINE_MS = 60_000;
const driver = findGoDriver('go-oss');
const skip =
  driver === undefined &&
  skipOrFail(NAME, 'no driver of these sources: run test/conformance/setup-go.sh');
if (skip !== false) for (const id of Object.values(GO_OSS_CLIENTS)) recordSkip(id, skip);

/** As the driver's. */
const PART_BYTES = 1_000_000;
const PARTS = 12;
const SLOW_KBPS = '2000';
const FAST = '0';

const drive = async (
  t: TestContext,
  sdk: keyof typeof GO_OSS_CLIENTS,
  version: 'v1' | 'v4',
): Promise<void> => {
  const { target, getObject } = await conformance(t);
  const seen = await recorded(t, target, GO_OSS_CLIENTS[sdk]);
  const calls: Seen[] = [];
  const watch = await startForward(seen, (call) => void calls.push(call));
  t.after(() => watch.close());
  const folder = mkdtempSync(join(tmpdir(), 'kindred-go-oss-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  const url = `http://127.0.0.1:${watch.port}`;
  const args = [sdk, version, url, target.accessKeyId, target.accessKeySecret];
  const run = (...task: readonly string[]) =>
    promisify(execFile)(driver ?? '', [...args, ...task], { timeout: DEADLINE_MS });
  const start = (...task: readonly string[]) => startProgram(driver ?? '', [...args, ...task]);
  const bucket = `go-${sdk}-${version}-${randomBytes(3).toString('hex')}`;
  await run('story', `${bucket}-story`);

  await run('make', bucket);
  for (const name of ['up', 'down']) mkdirSync(path(name));
  const sum = randomFile(path('big'), PARTS * PART_BYTES);
  const upload = ['upload', bucket, 'a/big.raw', path('big'), path('up')];
  const sent = await killAndRepeat({
    calls,
    operation: 'UploadPart',
    answered: 3,
    start: () => start(...upload, SLOW_KBPS),
    again: () => run(...upload, FAST),
  });
  assert.equal(count(sent, 'InitiateMultipartUpload'), 0, 'it began anew');
  assert.ok(count(sent, 'UploadPart') <= PARTS - 3, `${count(sent, 'UploadPart')} parts again`);
  assert.equal(sha256(getObject(bucket, 'a/big.raw')), sum);

  const download = ['download', bucket, 'a/big.raw', path('back'), path('down')];
  const fetched = await killAndRepeat({
    calls,
    operation: 'GetObject',
    answered: 3,
    start: () => start(...download, SLOW_KBPS),
    again: () => run(...download, FAST),
  });
  assert.ok(count(fetched, 'GetObject') < PARTS, 'it began anew');
  assert.equal(sha256OfFile(path('back')), sum);
};

test(NAME, { skip, timeout: 240_000 }, async (t) => {
  for (const sdk of ['old', 'new'] as const)
    for (const version of ['v1', 'v4'] as const)
      await t.test(`${GO_OSS_CLIENTS[sdk].client}, ${version}`, (inner) =>
        drive(inner, sdk, version),
      );
});
