import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMinutes } from '../../lib/clock.ts';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeTaskAttribute } from './DescribeTaskAttribute.ts';

const inRegion = { RegionId: REGION };

testOperation(DescribeTaskAttribute, {
  MissingParameter: (t) => t.call(inRegion),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', TaskId: 't-bp1' }),
  'InvalidTaskId.NotFound': (t) => t.call({ ...inRegion, TaskId: 't-bp198jigq7l0h5aczzzz' }),
});

test('an import is Processing, then Finished with the image that it made', async (t) => {
  const k = await kindred(t);
  const { taskId: TaskId, imageId } = await k.startImport();
  const time = formatMinutes(k.clock.wallMs());
  const { RequestId: _, ...running } = await k.call('DescribeTaskAttribute', {
    ...inRegion,
    TaskId,
  });
  assert.deepEqual(running, {
    TaskId,
    TaskAction: 'ImportImage',
    TaskStatus: 'Processing',
    TaskProcess: '0%',
    CreationTime: time,
    FinishedTime: '',
    SupportCancel: 'true',
    RegionId: REGION,
    TotalCount: 1,
    SuccessCount: 0,
    FailedCount: 0,
    OperationProgressSet: { OperationProgress: [] },
  });
  await k.finishJobs();
  const ended = await k.call('DescribeTaskAttribute', { TaskId });
  assert.equal(ended.TaskStatus, 'Finished');
  assert.equal(ended.TaskProcess, '100%');
  assert.equal(ended.SupportCancel, 'false');
  assert.equal(ended.FinishedTime, time);
  assert.equal(ended.RegionId, REGION);
  assert.equal(ended.SuccessCount, 1);
  assert.deepEqual(ended.OperationProgressSet.OperationProgress, [
    {
      OperationStatus: 'Success',
      ErrorCode: '',
      ErrorMsg: '',
      RelatedItemSet: { RelatedItem: [{ Name: 'ImageId', Value: imageId }] },
    },
  ]);
});

test('a failed import says why', async (t) => {
  const k = await kindred(t);
  const noQcow2 = new Uint8Array(70_000).fill(7);
  const declared = { 'DiskDeviceMapping.1.Format': 'QCOW2' };
  const { taskId: TaskId } = await k.startImport(declared, noQcow2);
  await k.finishJobs();
  const failed = await k.call('DescribeTaskAttribute', { TaskId });
  assert.equal(failed.TaskStatus, 'Failed');
  assert.equal(failed.FailedCount, 1);
  const [outcome] = failed.OperationProgressSet.OperationProgress;
  assert.equal(outcome.OperationStatus, 'Failed');
  assert.notEqual(outcome.ErrorCode, '');
  assert.notEqual(outcome.ErrorMsg, '');
});

test('another account does not find the task, another region neither', async (t) => {
  const k = await kindred(t);
  const { taskId: TaskId } = await k.startImport();
  const stranger = await k.newAccount();
  for (const error of [
    await k.refused('DescribeTaskAttribute', { TaskId }, { as: stranger }),
    await k.refused('DescribeTaskAttribute', { TaskId, RegionId: 'cn-beijing' }),
  ])
    assert.equal(error.code, 'InvalidTaskId.NotFound');
});
