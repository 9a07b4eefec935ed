import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import {
  runInstance,
  runInstances,
  SMALL_CATALOGUE,
  pendingInstance,
} from '../../testing/records.ts';
import { DeleteInstances } from './DeleteInstances.ts';

const ids = (list: readonly string[]) =>
  Object.fromEntries(list.map((id, i) => [`InstanceId.${i + 1}`, id]));
const remove = (list: readonly string[], values = {}) => ({
  RegionId: REGION,
  ...ids(list),
  ...values,
});

testOperation(
  DeleteInstances,
  {
    MissingRegionId: (t) => t.call({ 'InstanceId.1': 'i-bp1' }),
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: (t) => t.call(remove(['i-bp1'], { ClientToken: 'x'.repeat(65) })),
    DryRunOperation: async (t) =>
      t.call(remove([await runInstance(t.k)], { Force: 'true', DryRun: 'true' })),
    IdempotentParameterMismatch: async (t) => {
      const values = { Force: 'true', ClientToken: 'once' };
      await t.k.call('DeleteInstances', remove([await runInstance(t.k)], values));
      return t.call(remove([await runInstance(t.k)], values));
    },
    IncorrectInstanceStatus: async (t) => t.call(remove([await runInstance(t.k)])),
    'IncorrectInstanceStatus.Initializing': async (t) => {
      const InstanceId = await pendingInstance(t.k);
      return t.call(remove([InstanceId], { Force: 'true' }));
    },
    'InvalidOperation.DeletionProtection': async (t) => {
      const free = await runInstance(t.k);
      const kept = await runInstance(t.k, { DeletionProtection: 'true' });
      return t.call(remove([free, kept], { Force: 'true' }));
    },
    'InvalidParameter.TooManyInstanceIds': (t) =>
      t.call(remove(Array.from({ length: 101 }, (_, i) => `i-${i}`))),
    'InvalidInstanceIds.NotFound': async (t) =>
      t.call(remove([await runInstance(t.k), 'i-bp1'], { Force: 'true' })),
    'InvalidRegionId.NotFound': (t) => t.call(remove(['i-bp1'], { RegionId: 'cn-nowhere' })),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('all of them go; one that is named twice goes once', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const made = await runInstances(k, { Amount: '3' });
  const [first = '', second = ''] = made;
  await k.call('DeleteInstances', remove([first, second, first], { Force: 'true' }));
  const { Instances } = await k.call('DescribeInstances', { RegionId: REGION });
  assert.deepEqual(
    Instances.Instance.map((instance: { InstanceId: string }) => instance.InstanceId),
    made.slice(2),
  );
});
