// A real S3-compatible server for tests: Versity's gateway over a temporary folder, on loopback. Built by
// setup-s3.sh; without it the suites over S3 are skipped with a line that says so.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { openS3Blobs } from '../../src/blobs/s3/open.ts';
import type { S3Settings } from '../../src/blobs/s3/settings.ts';
import type { Digest } from '../../src/domain/ids.ts';
import { noFaults } from '../../src/lib/fault.ts';
import { digestOf } from './contract.ts';

const VERSION = 'v1.8.0'; // as setup-s3.sh builds it
const PROGRAM = join(
  process.env.KINDRED_TEST_CONFORMANCE_CACHE ?? join(homedir(), '.cache/kindred-conformance'),
  `s3/versitygw-${VERSION}`,
);

/** The `skip` of a test that needs the server. */
export const s3Skip = existsSync(PROGRAM)
  ? false
  : 'test/blobs/setup-s3.sh has not built the server';

export const BUCKET = 'kindred-bytes';
/** Of the test server alone. */
export const S3_ENV = {
  AWS_ACCESS_KEY_ID: 'kindred-test',
  AWS_SECRET_ACCESS_KEY: 'kindred-test-secret',
  AWS_EC2_METADATA_DISABLED: 'true',
};

export interface S3Server {
  /** `http://127.0.0.1:PORT` */
  endpoint: string;
  /** Where its objects lie as files, by their keys. */
  bucketDir: string;
  stop(): Promise<void>;
  /** On the same port, over the same folder. */
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export const startS3Server = async (): Promise<S3Server> => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-s3-'));
  const [data, meta] = [join(folder, 'data'), join(folder, 'meta')];
  mkdirSync(join(data, BUCKET), { recursive: true });
  mkdirSync(meta);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const args = ['--quiet', '--keep-alive', '--port', `127.0.0.1:${port}`];
    child = spawn(PROGRAM, [...args, 'posix', '--sidecar', meta, data], {
      stdio: 'ignore',
      env: {
        ROOT_ACCESS_KEY: S3_ENV.AWS_ACCESS_KEY_ID,
        ROOT_SECRET_KEY: S3_ENV.AWS_SECRET_ACCESS_KEY,
      },
    });
    for (let waits = 0; ; waits += 1) {
      const isUp = await fetch(endpoint).then(
        (answer) => answer.body?.cancel().then(() => true) ?? true,
        () => false,
      );
      if (isUp) return;
      if (waits > 100) throw new Error('the S3 server did not start');
      await sleep(100);
    }
  };
  const stop = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await gone;
  };
  await start();
  Object.assign(process.env, S3_ENV);
  const close = async (): Promise<void> => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { endpoint, bucketDir: join(data, BUCKET), start, stop, close };
};

export const s3Settings = (endpoint: string, prefix: string): S3Settings => ({
  bucket: BUCKET,
  prefix,
  endpoint,
  region: 'us-east-1',
  forcePathStyle: true,
});

export const MARK = '{"instanceId":"test"}\n';

export const openTestStore = (settings: S3Settings, isExpected = false): Promise<BlobStore> =>
  openS3Blobs({ settings, name: 's3', mark: MARK, isExpected, faults: noFaults });

export const folderOf = (t: { after(fn: () => void): void }): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-s3-staging-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export const putBytes = async (
  blobs: BlobStore,
  stagingDir: string,
  bytes: Uint8Array,
): Promise<Digest> => {
  const path = join(stagingDir, 'bytes.part');
  writeFileSync(path, bytes);
  const digest = digestOf(bytes);
  assert.equal(await blobs.put(path, digest, bytes.length), 'stored');
  return digest;
};
