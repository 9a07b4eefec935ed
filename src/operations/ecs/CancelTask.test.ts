import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CancelTask } from './CancelTask.ts';

const inRegion = { RegionId: REGION };

testOperation(CancelTask, {
  MissingParameter: (t) => t.call(inRegion),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', TaskId: 't-bp1' }),
  'InvalidTaskId.NotFound': (t) => t.call({ ...inRegion, TaskId: 't-bp198jigq7l0h5aczzzz' }),
  'InvalidTaskId.IncorrectTaskStatus': async (t) => {
    const { taskId } = await t.k.importImage();
    return t.call({ ...inRegion, TaskId: taskId });
  },
  CancelTaskFailed: async (t) => {
    const { k } = t;
    const { imageId } = await k.image();
    await k.call('CreateBucket', { Bucket: 'exports' });
    const call = { ...inRegion, ImageId: imageId, OSSBucket: 'exports' };
    const { TaskId } = await k.call('ExportImage', call);
    const [job] = await k.store.read((tx) => tx.openJobs(1));
    const actor = { principal: 'test', requestId: 'test', nowMs: k.clock.wallMs() };
    await k.store.write(actor, (tx) =>
      tx.saveJob(job!.jobId, job!.status, { ...job!, step: 'publish' }),
    );
    return t.call({ ...inRegion, TaskId });
  },
});

test('a cancelled import leaves a Deleted task, tombstones and nothing else', async (t) => {
  const k = await kindred(t);
  const { taskId: TaskId, imageId } = await k.startImport({ ImageName: 'doomed' });
  await k.call('CancelTask', { ...inRegion, TaskId });

  const task = await k.call('DescribeTaskAttribute', { ...inRegion, TaskId });
  assert.equal(task.TaskStatus, 'Deleted');
  assert.equal(task.SupportCancel, 'false');
  assert.notEqual(task.FinishedTime, '');
  const images = await k.call('DescribeImages', { ...inRegion, ImageId: imageId, Status: 'ALL' });
  assert.equal(images.TotalCount, 0);
  assert.equal((await k.call('DescribeSnapshots', inRegion)).TotalCount, 0);
  const again = await k.refused('CancelTask', { ...inRegion, TaskId });
  assert.equal(again.code, 'InvalidTaskId.IncorrectTaskStatus');

  const { changes, counters } = await k.store.read(async (tx) => ({
    changes: await tx.changes(k.scope, 0, 100),
    counters: await tx.accountRegion(k.scope),
  }));
  assert.deepEqual(
    changes.map((change) => change.kind),
    ['accepted', 'deleted'],
  );
  assert.equal(counters?.imageCount, 0);

  await k.finishJobs();
  assert.deepEqual(await k.store.read((tx) => tx.openJobs(10)), []);
  const staging = join(k.dataDir, 'staging');
  assert.deepEqual(existsSync(staging) ? readdirSync(staging) : [], []);
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
  // The name is free again.
  await k.importImage({ ImageName: 'doomed' });
});

test('another account cannot cancel the task', async (t) => {
  const k = await kindred(t);
  const { taskId: TaskId } = await k.startImport();
  const error = await k.refused(
    'CancelTask',
    { ...inRegion, TaskId },
    { as: await k.newAccount() },
  );
  assert.equal(error.code, 'InvalidTaskId.NotFound');
});
