// The command against a server, and against the data directory that it leaves.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readServeConfig } from '../server/config.ts';
import { startServing } from '../server/serve.ts';
import { captureIo } from './captured-io.ts';
import { runCommand } from './main.ts';

test('gc lists, then removes the same, with a server and without', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-gc-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const data = join(root, 'data');
  const bucket = join(data, 'buckets', 'builds');
  /** More than one call removes, and one that is too young. */
  const litter = (): void => {
    mkdirSync(bucket, { recursive: true });
    for (let n = 0; n < 203; n += 1) {
      const path = join(bucket, `.kindred-put-${n}`);
      writeFileSync(path, '0123456789');
      const at = Date.now() / 1000 - (n === 0 ? 0 : 100_000);
      utimesSync(path, at, at);
    }
  };
  const flags = ['--listen=127.0.0.1:0', `--data=${data}`, '--log-level=silent'];
  const serving = await startServing(readServeConfig(flags, {}));
  let isRunning = true;
  const stop = async () => {
    if (isRunning) await serving.stop();
    isRunning = false;
  };
  t.after(stop);
  const run = async (...words: string[]) => {
    const online = { KINDRED_DATA: data, ALIBABA_CLOUD_ENDPOINT: serving.url };
    const offline = { KINDRED_LISTEN: '127.0.0.1:2' };
    const io = captureIo({ environment: isRunning ? online : offline });
    const exitCode = await runCommand(isRunning ? words : [...words, '--data', data], io);
    return { exitCode, stdout: io.stdout, stderr: io.stderr };
  };
  litter();
  const planned = await run('gc', '--dry-run', '--list');
  assert.equal(planned.exitCode, 0, planned.stderr);
  assert.match(planned.stdout, /^BucketLeftover +10 B +builds +\.kindred-put-202$/m);
  assert.doesNotMatch(planned.stdout, /put-0$/m);
  assert.match(planned.stdout, /^WOULD GO +COUNT +SIZE$/m);
  assert.match(planned.stdout, /^abandoned bodies and parts in buckets +202 +2\.0 KiB$/m);
  assert.ok(existsSync(join(bucket, '.kindred-put-202')));
  const plan = JSON.parse((await run('gc', '--dry-run', '--json')).stdout);

  const removed = await run('gc', '--json');
  assert.equal(removed.exitCode, 0, removed.stderr);
  assert.deepEqual(JSON.parse(removed.stdout), plan);
  assert.deepEqual(plan.Kinds.Kind, [{ Kind: 'BucketLeftover', Count: 202, SizeBytes: 2020 }]);
  assert.equal(existsSync(join(bucket, '.kindred-put-202')), false);
  assert.ok(existsSync(join(bucket, '.kindred-put-0')));
  assert.equal((await run('gc')).stdout, 'nothing was to be removed\n');
  assert.equal((await run('gc', '--dryrun')).exitCode, 2);
  assert.match((await run('gc', 'now')).stderr, /now; see kindred gc --help/);

  litter();
  await stop();
  assert.deepEqual(JSON.parse((await run('gc', '--json')).stdout), plan);
  assert.equal((await run('gc', '--dry-run')).stdout, 'nothing to remove\n');
});
