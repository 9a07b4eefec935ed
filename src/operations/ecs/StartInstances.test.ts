import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import {
  describeInstance,
  runInstance,
  settle,
  SMALL_CATALOGUE,
  stoppedInstance,
} from '../../testing/records.ts';
import { StartInstances } from './StartInstances.ts';

const named = (first: string, second?: string) => ({
  RegionId: REGION,
  'InstanceId.1': first,
  ...(second === undefined ? {} : { 'InstanceId.2': second }),
});

testOperation(
  StartInstances,
  {
    MissingRegionId: (t) => t.call({ 'InstanceId.1': 'i-bp1' }),
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: (t) => t.call({ ...named('i-bp1'), BatchOptimization: 'Some' }),
    DryRunOperation: async (t) => t.call({ ...named(await stoppedInstance(t.k)), DryRun: 'true' }),
    IncorrectInstanceStatus: async (t) =>
      t.call(named(await stoppedInstance(t.k), await runInstance(t.k))),
    'InvalidInstanceId.NotFound': async (t) => {
      const good = await stoppedInstance(t.k);
      return t.call({ ...named(good, 'i-bp1'), BatchOptimization: 'SuccessFirst' });
    },
    'InvalidRegionId.NotFound': (t) => t.call({ ...named('i-bp1'), RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('all or none, or those whose state permits it', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const bad = await runInstance(k);
  const good = await stoppedInstance(k);
  await k.refused('StartInstances', named(good, bad));
  const values = { ...named(good, bad), BatchOptimization: 'SuccessFirst' };
  const { InstanceResponses } = await k.call('StartInstances', values);
  const [moved, kept] = InstanceResponses.InstanceResponse;
  assert.deepEqual(moved, {
    Code: '200',
    CurrentStatus: 'Starting',
    InstanceId: good,
    Message: 'success',
    PreviousStatus: 'Stopped',
  });
  assert.equal(kept.InstanceId, bad);
  assert.equal(kept.Code, 'IncorrectInstanceStatus');
  assert.equal(kept.CurrentStatus, kept.PreviousStatus);
  settle(k);
  assert.equal((await describeInstance(k, good)).Status, 'Running');
});
