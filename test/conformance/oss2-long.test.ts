// The object door driven by oss2, the Python SDK of OSS, in both versions of its signatures: buckets, odd keys,
// ranges, conditions, signed addresses, copies, lists, resumable uploads in parts and downloads, and refusals.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { startServer } from '../../src/testing/server.ts';
import { BUCKET, S3_ENV, s3Skip, startS3Server } from '../blobs/s3-server.ts';
import { findImgUtils, OSS2, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { conformance } from './target.ts';

const NAME = 'oss2';
const DEADLINE_MS = 120_000;
/** oss2 comes with aliyun-img-utils, in the same environment. */
const program = findImgUtils();
const skip =
  program === undefined && skipOrFail(NAME, 'no oss2: run test/conformance/setup-img-utils.sh');

if (skip !== false) recordSkip(OSS2, skip);

interface Driven {
  url: string;
  accessKeyId: string;
  accessKeySecret: string;
}

const drive = async (t: TestContext, driven: Driven, version: string): Promise<void> => {
  const driver = join(import.meta.dirname, 'oss2_driver.py');
  const python = join(dirname(program ?? ''), 'python');
  const work = mkdtempSync(join(tmpdir(), 'kindred-oss2-'));
  t.after(() => rmSync(work, { recursive: true, force: true }));
  const { url, accessKeyId, accessKeySecret } = driven;
  const args = [driver, url, accessKeyId, accessKeySecret, version, work];
  await promisify(execFile)(python, args, { timeout: DEADLINE_MS });
};

test(NAME, { skip, timeout: 2 * DEADLINE_MS }, async (t) => {
  const { target } = await conformance(t);
  const { url } = await recorded(t, target, OSS2);
  for (const version of ['v1', 'v4'])
    await t.test(version, (each) => drive(each, { ...target, url }, version));
});

test(`${NAME} over S3`, { skip: skip || s3Skip, timeout: DEADLINE_MS }, async (t) => {
  const s3 = await startS3Server();
  t.after(() => s3.close());
  const buckets = `s3://${BUCKET}/oss?endpoint=${s3.endpoint}`;
  const server = await startServer(t, { args: ['--buckets', buckets], env: S3_ENV });
  await drive(t, { ...server.key, url: server.url }, 'v4');
});
