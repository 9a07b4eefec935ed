import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, type Harness } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import {
  createDisk,
  describeDisks,
  runInstance,
  SMALL_CATALOGUE,
  pendingInstance,
} from '../../testing/records.ts';
import { AttachDisk } from './AttachDisk.ts';

const pair = async (k: Harness) => ({
  InstanceId: await runInstance(k),
  DiskId: await createDisk(k),
});
const attach = (values: Readonly<Record<string, string>>) => async (t: Case) =>
  t.call({ ...(await pair(t.k)), ...values });

testOperation(
  AttachDisk,
  {
    MissingParameter: (t) => t.call({ DiskId: 'd-bp1' }),
    InvalidParameter: attach({ Bootable: 'true' }),
    'InvalidDevice.InUse': async (t) => {
      const { InstanceId, DiskId } = await pair(t.k);
      await t.call({ InstanceId, DiskId, Device: '/dev/xvdb' });
      return t.call({ InstanceId, DiskId: await createDisk(t.k), Device: '/dev/xvdb' });
    },
    'InvalidDevice.Malformed': attach({ Device: '/dev/xvda' }),
    InstanceDiskLimitExceeded: async (t) => {
      const sizes = Array.from({ length: 16 }, (_, i) => [`DataDisk.${i + 1}.Size`, '20']);
      const InstanceId = await runInstance(t.k, Object.fromEntries(sizes));
      return t.call({ InstanceId, DiskId: await createDisk(t.k) });
    },
    IncorrectDiskStatus: async (t) => {
      const { InstanceId, DiskId } = await pair(t.k);
      await t.call({ InstanceId, DiskId });
      return t.call({ InstanceId: await runInstance(t.k), DiskId });
    },
    IncorrectInstanceStatus: async (t) => {
      const InstanceId = await pendingInstance(t.k);
      return t.call({ InstanceId, DiskId: await createDisk(t.k) });
    },
    ResourcesNotInSameZone: async (t) => {
      const DiskId = await createDisk(t.k, { ZoneId: 'cn-hangzhou-b' });
      return t.call({ InstanceId: await runInstance(t.k), DiskId });
    },
    'InvalidDiskId.NotFound': attach({ DiskId: 'd-bp131n0q38u3a4zi3kqd' }),
    'InvalidInstanceId.NotFound': attach({ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }),
    'InvalidRegionId.NotFound': attach({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('a disk is In_use at the next free device, and goes with the instance if it shall', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const { InstanceId, DiskId } = await pair(k);
  await k.call('AttachDisk', { InstanceId, DiskId, DeleteWithInstance: 'true' });
  await k.call('AttachDisk', { InstanceId, DiskId: await createDisk(k), Device: '/dev/xvdd' });
  const disks = await describeDisks(k, InstanceId);
  assert.deepEqual(
    disks.map((disk: Record<string, unknown>) => [
      disk.Device,
      disk.Status,
      disk.DeleteWithInstance,
    ]),
    [
      ['/dev/xvda', 'In_use', true],
      ['/dev/xvdb', 'In_use', true],
      ['/dev/xvdd', 'In_use', false],
    ],
  );
});
