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
import { RebootInstances } from './RebootInstances.ts';

const named = (first: string, second?: string) => ({
  RegionId: REGION,
  'InstanceId.1': first,
  ...(second === undefined ? {} : { 'InstanceId.2': second }),
});

testOperation(
  RebootInstances,
  {
    MissingRegionId: (t) => t.call({ 'InstanceId.1': 'i-bp1' }),
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: (t) => t.call({ ...named('i-bp1'), BatchOptimization: 'Some' }),
    DryRunOperation: async (t) => t.call({ ...named(await runInstance(t.k)), DryRun: 'true' }),
    IncorrectInstanceStatus: async (t) =>
      t.call(named(await runInstance(t.k), await stoppedInstance(t.k))),
    'InvalidInstanceId.NotFound': async (t) => {
      const good = await runInstance(t.k);
      return t.call({ ...named(good, 'i-bp1'), BatchOptimization: 'SuccessFirst' });
    },
    'InvalidRegionId.NotFound': (t) => t.call({ ...named('i-bp1'), RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('all or none, or those whose state permits it', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const bad = await stoppedInstance(k);
  const good = await runInstance(k);
  await k.refused('RebootInstances', named(good, bad));
  const values = { ...named(good, bad), BatchOptimization: 'SuccessFirst' };
  const { InstanceResponses } = await k.call('RebootInstances', values);
  const [moved, kept] = InstanceResponses.InstanceResponse;
  assert.deepEqual(moved, {
    Code: '200',
    CurrentStatus: 'Starting',
    InstanceId: good,
    Message: 'success',
    PreviousStatus: 'Running',
  });
  assert.equal(kept.InstanceId, bad);
  assert.equal(kept.Code, 'IncorrectInstanceStatus');
  assert.equal(kept.CurrentStatus, kept.PreviousStatus);
  settle(k);
  assert.equal((await describeInstance(k, good)).Status, 'Running');
});
