import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { describeInstance, runInstance, settle, SMALL_CATALOGUE } from '../../testing/records.ts';
import { StopInstance } from './StopInstance.ts';

const stopped = async (k: Harness): Promise<string> => {
  const InstanceId = await runInstance(k);
  await k.call('StopInstance', { InstanceId });
  settle(k);
  return InstanceId;
};

testOperation(
  StopInstance,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: async (t) =>
      t.call({ InstanceId: await runInstance(t.k), StoppedMode: 'Never' }),
    DryRunOperation: async (t) => t.call({ InstanceId: await runInstance(t.k), DryRun: 'true' }),
    IncorrectInstanceStatus: async (t) => t.call({ InstanceId: await stopped(t.k) }),
    'InvalidInstanceId.NotFound': async (t) =>
      t.call({ InstanceId: await runInstance(t.k), RegionId: 'cn-beijing' }),
    'InvalidRegionId.NotFound': async (t) =>
      t.call({ InstanceId: await runInstance(t.k), RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('a running instance stops, and says how', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k);
  await k.call('StopInstance', { InstanceId, StoppedMode: 'StopCharging' });
  assert.equal((await describeInstance(k, InstanceId)).Status, 'Stopping');
  settle(k);
  const instance = await describeInstance(k, InstanceId);
  assert.equal(instance.Status, 'Stopped');
  assert.equal(instance.StoppedMode, 'StopCharging');
});
