// Clients of the tus protocol that were not written here, and curl, against the URL of an upload: each is
// broken off on the way and goes on.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as tus from 'tus-js-client';
import { uploadScene } from '../../src/testing/upload-scene.ts';
import { findProgram, findTuspy, skipOrFail } from './programs.ts';

const run = promisify(execFile);
const BYTES = randomBytes(3_000_001);

/** Resolves when the upload has ended; `stopAt`: it is aborted once so many bytes were taken. */
const upload = (uploadUrl: string, stopAt = Infinity): Promise<'done' | 'aborted'> =>
  new Promise((resolve, reject) => {
    const client = new tus.Upload(BYTES, {
      uploadUrl,
      chunkSize: 500_000,
      retryDelays: [100, 500, 1_000],
      onError: reject,
      onSuccess: () => resolve('done'),
      onChunkComplete: (_chunk, accepted) => {
        if (accepted < stopAt) return;
        client.abort().then(() => resolve('aborted'), reject);
      },
    });
    client.start();
  });

test('tus-js-client uploads, is aborted, and another one goes on', async (t) => {
  const { create, object } = await uploadScene(t);
  const { url } = await create(BYTES.length);
  assert.equal(await upload(url, 1_000_000), 'aborted');
  const { uploadedBytes } = (await (await fetch(url)).json()) as { uploadedBytes: number };
  assert.ok(uploadedBytes >= 1_000_000 && uploadedBytes < BYTES.length, String(uploadedBytes));
  assert.equal(await upload(url), 'done');
  assert.ok(object().equals(BYTES));
  // A client that lost the last answer asks again and is done.
  assert.equal(await upload(url), 'done');
});

const tuspy = findTuspy();
test(
  'tuspy uploads a part, and a new client the rest',
  {
    skip:
      tuspy === undefined && skipOrFail('tuspy', 'no tuspy; sh test/conformance/setup-python.sh'),
  },
  async (t) => {
    const { create, object, k } = await uploadScene(t);
    const { url } = await create(BYTES.length);
    const path = join(k.dataDir, 'source');
    writeFileSync(path, BYTES);
    const driver = join(import.meta.dirname, 'tus_driver.py');
    const { stdout } = await run(tuspy!, [driver, url, path, '700000']);
    assert.equal(stdout.trim(), String(BYTES.length));
    assert.ok(object().equals(BYTES));
  },
);

const curl = findProgram('curl', ['--version']);
test(
  'curl -T uploads a file, and goes on from an offset',
  {
    skip: curl === undefined && skipOrFail('curl', 'no curl on the path'),
  },
  async (t) => {
    const { create, object, k } = await uploadScene(t);
    const path = join(k.dataDir, 'source');
    writeFileSync(path, BYTES);
    const whole = await create(BYTES.length);
    await run('curl', ['-sSf', '-T', path, whole.url]);
    assert.ok(object().equals(BYTES));

    const { url } = await create(BYTES.length, { Object: 'resumed.raw' });
    const half = join(k.dataDir, 'half');
    writeFileSync(half, readFileSync(path).subarray(0, 1_234_567));
    // Too short: refused, and kept.
    await run('sh', ['-c', `cat "${half}" | curl -sS -T - "${url}"`]);
    const shown = JSON.parse((await run('curl', ['-sS', url])).stdout) as { uploadedBytes: number };
    assert.equal(shown.uploadedBytes, 1_234_567);
    await run('curl', ['-sSf', '-C', '1234567', '-T', path, url]);
    assert.ok(object('resumed.raw').equals(BYTES));
  },
);
