// The command against a server, and against the data directory that it leaves.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCliScene } from '../testing/cli-scene.ts';

test('gc lists, then removes the same, with a server and without', async (t) => {
  const { data, run, stop } = await openCliScene(t);
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
