import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import {
  describeInstance,
  putResource,
  runInstance,
  SMALL_CATALOGUE,
  pendingInstance,
} from '../../testing/records.ts';
import { DeleteInstance } from './DeleteInstance.ts';

testOperation(
  DeleteInstance,
  {
    MissingParameter: (t) => t.call({}),
    DryRunOperation: async (t) =>
      t.call({ InstanceId: await runInstance(t.k), Force: 'true', DryRun: 'true' }),
    IncorrectInstanceStatus: async (t) => t.call({ InstanceId: await runInstance(t.k) }),
    'IncorrectInstanceStatus.Initializing': async (t) => {
      const InstanceId = await pendingInstance(t.k);
      return t.call({ InstanceId, Force: 'true' });
    },
    'InvalidOperation.DeletionProtection': async (t) => {
      const InstanceId = await runInstance(t.k, { DeletionProtection: 'true' });
      return t.call({ InstanceId, Force: 'true' });
    },
    'InvalidInstanceId.NotFound': (t) => t.call({ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }),
    'InvalidRegionId.NotFound': (t) => t.call({ InstanceId: 'i-bp1', RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('its disks go with it but those that shall stay, and its address is free', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k, {
    'Tag.1.Key': 'env',
    'DataDisk.1.DeleteWithInstance': 'false',
    'DataDisk.2.Size': '30',
  });
  await putResource(k, 'eip', 'eip-1', { parentId: InstanceId, status: 'InUse' });
  await k.call('DeleteInstance', { InstanceId, Force: 'true' });
  assert.equal(await describeInstance(k, InstanceId), undefined);
  const left = await k.store.read(async (tx) => ({
    disks: await tx.resources(k.scope, { resourceType: 'disk' }, { limit: 9, offset: 0 }, 0),
    eip: await tx.resource(k.scope, 'eip', 'eip-1', 0),
  }));
  assert.equal(left.disks.total, 1);
  assert.equal(left.disks.rows[0]?.status, 'Available');
  assert.equal(left.disks.rows[0]?.parentId, '');
  assert.equal(left.eip?.status, 'Available');
  assert.equal(left.eip?.parentId, '');
  const again = await k.refused('DeleteInstance', { InstanceId, RegionId: REGION });
  assert.equal(again.code, 'InvalidInstanceId.NotFound');
});
