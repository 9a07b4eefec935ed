import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { describeInstance, runInstance, settle, SMALL_CATALOGUE } from '../../testing/records.ts';
import { StartInstance } from './StartInstance.ts';

const stopped = async (k: Harness): Promise<string> => {
  const InstanceId = await runInstance(k);
  await k.call('StopInstance', { InstanceId });
  settle(k);
  return InstanceId;
};

testOperation(
  StartInstance,
  {
    MissingParameter: (t) => t.call({}),
    DryRunOperation: async (t) => t.call({ InstanceId: await stopped(t.k), DryRun: 'true' }),
    IncorrectInstanceStatus: async (t) => t.call({ InstanceId: await runInstance(t.k) }),
    'InvalidInstanceId.NotFound': async (t) =>
      t.call({ InstanceId: await runInstance(t.k), RegionId: 'cn-beijing' }),
    'InvalidRegionId.NotFound': async (t) =>
      t.call({ InstanceId: await runInstance(t.k), RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('a stopped instance starts, and remembers when', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await stopped(k);
  k.clock.advance(60_000);
  await k.call('StartInstance', { InstanceId });
  assert.equal((await describeInstance(k, InstanceId)).Status, 'Starting');
  settle(k);
  const instance = await describeInstance(k, InstanceId);
  assert.equal(instance.Status, 'Running');
  assert.equal(instance.StartTime, '2026-11-24T12:01Z');
});
