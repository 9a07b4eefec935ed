// The object door driven by oss2, the Python SDK of OSS, in both versions of its signatures: buckets, odd keys,
// ranges, conditions, signed addresses, copies, lists, resumable uploads in parts and downloads, and refusals.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startServer } from '../../src/testing/server.ts';
import { findImgUtils, skipOrFail } from './programs.ts';

const NAME = 'oss2';
const DEADLINE_MS = 120_000;
/** oss2 comes with aliyun-img-utils, in the same environment. */
const program = findImgUtils();
const skip =
  program === undefined && skipOrFail(NAME, 'no oss2: run test/conformance/setup-img-utils.sh');

test(NAME, { skip, timeout: 2 * DEADLINE_MS }, async (t) => {
  const server = await startServer(t);
  const { accessKeyId, accessKeySecret } = server.key;
  const driver = join(import.meta.dirname, 'oss2_driver.py');
  const python = join(dirname(program ?? ''), 'python');
  for (const version of ['v1', 'v4'])
    await t.test(version, async () => {
      const work = mkdtempSync(join(tmpdir(), 'kindred-oss2-'));
      t.after(() => rmSync(work, { recursive: true, force: true }));
      const args = [driver, server.url, accessKeyId, accessKeySecret, version, work];
      await promisify(execFile)(python, args, { timeout: DEADLINE_MS });
    });
});
