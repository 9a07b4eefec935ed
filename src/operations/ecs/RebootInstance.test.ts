import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { describeInstance, runInstance, settle, SMALL_CATALOGUE } from '../../testing/records.ts';
import { RebootInstance } from './RebootInstance.ts';

const stopped = async (k: Harness): Promise<string> => {
  const InstanceId = await runInstance(k);
  await k.call('StopInstance', { InstanceId });
  settle(k);
  return InstanceId;
};

testOperation(
  RebootInstance,
  {
    MissingParameter: (t) => t.call({}),
    DryRunOperation: async (t) => t.call({ InstanceId: await runInstance(t.k), DryRun: 'true' }),
    IncorrectInstanceStatus: async (t) => t.call({ InstanceId: await stopped(t.k) }),
    'InvalidInstanceId.NotFound': async (t) =>
      t.call({ InstanceId: await runInstance(t.k), RegionId: 'cn-beijing' }),
    'InvalidRegionId.NotFound': async (t) =>
      t.call({ InstanceId: await runInstance(t.k), RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('a running instance is Starting for a moment and Running again', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k);
  await k.call('RebootInstance', { InstanceId });
  assert.equal((await describeInstance(k, InstanceId)).Status, 'Starting');
  settle(k);
  assert.equal((await describeInstance(k, InstanceId)).Status, 'Running');
});
