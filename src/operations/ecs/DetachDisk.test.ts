import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { createDisk, describeDisks, runInstance, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DetachDisk } from './DetachDisk.ts';

const attached = async (k: Harness) => {
  const call = { InstanceId: await runInstance(k), DiskId: await createDisk(k) };
  await k.call('AttachDisk', call);
  return call;
};

testOperation(
  DetachDisk,
  {
    MissingParameter: (t) => t.call({ DiskId: 'd-bp1' }),
    DependencyViolation: async (t) =>
      t.call({ InstanceId: await runInstance(t.k), DiskId: await createDisk(t.k) }),
    DiskNotPortable: async (t) => {
      const InstanceId = await runInstance(t.k);
      const [{ DiskId }] = await describeDisks(t.k, InstanceId);
      return t.call({ InstanceId, DiskId });
    },
    IncorrectInstanceStatus: async (t) => {
      const call = await attached(t.k);
      await t.k.call('StopInstance', { InstanceId: call.InstanceId });
      return t.call(call);
    },
    'InvalidDiskId.NotFound': async (t) =>
      t.call({ InstanceId: await runInstance(t.k), DiskId: 'd-bp131n0q38u3a4zi3kqd' }),
    'InvalidInstanceId.NotFound': async (t) =>
      t.call({ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp', DiskId: await createDisk(t.k) }),
    'InvalidRegionId.NotFound': (t) =>
      t.call({ InstanceId: 'i-bp1', DiskId: 'd-bp1', RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('a detached disk is Available and can go elsewhere', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const { InstanceId, DiskId } = await attached(k);
  k.clock.advance(60_000);
  await k.call('DetachDisk', { InstanceId, DiskId });
  const query = { RegionId: REGION, DiskIds: JSON.stringify([DiskId]) };
  const [disk] = (await k.call('DescribeDisks', query)).Disks.Disk;
  assert.equal(disk.Status, 'Available');
  assert.equal(disk.InstanceId, '');
  assert.equal(disk.DetachedTime, '2026-11-24T12:01Z');
  assert.deepEqual(disk.Attachments, { Attachment: [] });
  await k.call('AttachDisk', { InstanceId: await runInstance(k), DiskId });
});
