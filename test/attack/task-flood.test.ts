// One account's flood of work. Its tasks are bounded; what has no bound of its own (copies) waits in turns,
// so that the work of another account is begun as soon as a place is free.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageId } from '../../src/domain/ids.ts';
import { kindred, type Harness } from '../../src/testing/harness.ts';

const FLOOD = 3_000;

/** Jobs as the flood leaves them, past the API: older than whatever is made now. */
const floodJobs = (k: Harness, accountId: typeof k.accountId): Promise<void> =>
  k.store.write({ principal: 'test', requestId: 'test', nowMs: 0 }, async (tx) => {
    for (let i = 0; i < FLOOD; i += 1)
      await tx.insertJob({
        jobId: `job-${i}`,
        kind: 'CopyImage',
        accountId,
        regionId: k.scope.regionId,
        imageId: `m-flood${i}` as ImageId,
        taskId: null,
        step: 'wait',
        state: '{}',
        status: 'ready',
        attempts: 0,
        creationMs: i,
      });
  });

test('the tasks of one account are bounded, whatever kinds they are of', async (t) => {
  const k = await kindred(t, { quotas: { unfinishedTasks: 3 } });
  for (let i = 0; i < 3; i += 1) await k.startImport();
  const before = k.stateHash();
  const { code } = await k.startImport().then(
    () => assert.fail('a fourth was taken'),
    (error: { code: string }) => error,
  );
  assert.equal(code, 'ImportImageFailed');
  assert.equal(k.stateHash(), before);
  await k.finishJobs();
  await k.startImport();
});

test('a flood of jobs does not hide those of another account', async (t) => {
  const k = await kindred(t);
  const other = await k.newAccount();
  await floodJobs(k, other.accountId as typeof k.accountId);
  const { imageId } = await k.startImport();
  const startMs = performance.now();
  const seen = await k.store.read((tx) => tx.openJobs(1_000));
  t.diagnostic(
    `${FLOOD} jobs are looked through in ${(performance.now() - startMs).toFixed(1)} ms`,
  );
  assert.equal(seen.length, 1_000);
  assert.ok(seen.slice(0, 2).some((job) => job.imageId === imageId));
  // Within one account the oldest come first.
  assert.deepEqual(
    seen
      .filter((job) => job.imageId !== imageId)
      .slice(0, 3)
      .map((job) => job.creationMs),
    [0, 1, 2],
  );
});
