import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMinutes, formatSeconds } from '../../lib/clock.ts';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeTasks } from './DescribeTasks.ts';

const inRegion = { RegionId: REGION };

testOperation(DescribeTasks, {
  MissingParameter: (t) => t.call({}),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
  InvalidParameter: (t) => t.call({ ...inRegion, StartTime: 'yesterday' }),
});

type Answer = { TaskSet: { Task: { TaskId: string }[] } };
const idsOf = (answer: Answer): string[] => answer.TaskSet.Task.map((task) => task.TaskId);

test('an import is listed while it runs and after it ended', async (t) => {
  const k = await kindred(t);
  const { taskId, imageId } = await k.startImport();
  const started = formatMinutes(k.clock.wallMs());
  const running = await k.call('DescribeTasks', { ...inRegion, TaskIds: taskId });
  assert.equal(running.TotalCount, 1);
  assert.equal(running.RegionId, REGION);
  assert.deepEqual(running.TaskSet.Task, [
    {
      TaskId: taskId,
      TaskAction: 'ImportImage',
      TaskStatus: 'Processing',
      CreationTime: started,
      FinishedTime: '',
      SupportCancel: 'true',
      ResourceId: imageId,
    },
  ]);
  k.clock.advance(120_000);
  await k.finishJobs();
  const [ended] = (await k.call('DescribeTasks', inRegion)).TaskSet.Task;
  assert.equal(ended.TaskStatus, 'Finished');
  assert.equal(ended.SupportCancel, 'false');
  assert.equal(ended.FinishedTime, formatMinutes(k.clock.wallMs()));
});

test('filters combine with AND; a foreign status does not filter', async (t) => {
  const k = await kindred(t);
  const first = await k.importImage();
  const firstAt = formatSeconds(k.clock.wallMs());
  k.clock.advance(60_000);
  const second = await k.startImport();
  const secondAt = formatSeconds(k.clock.wallMs());
  const both = [second.taskId, first.taskId];
  const matching: [Record<string, string>, string[]][] = [
    [{}, both],
    [{ TaskIds: both.join(', ') }, both],
    [{ TaskIds: 't-unknown' }, []],
    [{ TaskStatus: 'Finished' }, [first.taskId]],
    [{ TaskStatus: 'Processing', TaskIds: first.taskId }, []],
    [{ TaskStatus: 'Failed' }, []],
    [{ TaskStatus: 'Paused' }, both],
    [{ TaskAction: 'ImportImage' }, both],
    [{ TaskAction: 'ExportImage' }, []],
    [{ TaskAction: 'ArchiveSnapshot' }, []],
    [{ TaskGroupId: 'g' }, []],
    [{ 'ResourceIds.1': second.imageId }, [second.taskId]],
    [{ StartTime: secondAt }, [second.taskId]],
    [{ EndTime: firstAt }, [first.taskId]],
    [{ StartTime: firstAt, EndTime: secondAt }, both],
  ];
  for (const [filter, expected] of matching) {
    const answer = await k.call('DescribeTasks', { ...inRegion, ...filter });
    assert.deepEqual(idsOf(answer), expected, JSON.stringify(filter));
    assert.equal(answer.TotalCount, expected.length);
  }
});

test('pages have at most 100 entries, and a list of more than 100 ids is refused', async (t) => {
  const k = await kindred(t);
  for (let i = 0; i < 3; i += 1) await k.startImport();
  const page = await k.call('DescribeTasks', { ...inRegion, PageSize: '2', PageNumber: '2' });
  assert.equal(page.TotalCount, 3);
  assert.equal(page.TaskSet.Task.length, 1);
  assert.equal((await k.call('DescribeTasks', { ...inRegion, PageSize: '500' })).PageSize, 100);
  const ids = Array.from({ length: 101 }, (_, i) => `t-${i}`);
  const many = Object.fromEntries(ids.map((id, i) => [`ResourceIds.${i + 1}`, id]));
  for (const bad of [{ TaskIds: ids.join(',') }, many, { PageSize: '0' }, { TaskAction: 'Dance' }])
    assert.equal(
      (await k.refused('DescribeTasks', { ...inRegion, ...bad })).code,
      'InvalidParameter',
    );
  const stranger = await k.newAccount();
  assert.equal((await k.call('DescribeTasks', inRegion, { as: stranger })).TotalCount, 0);
});
