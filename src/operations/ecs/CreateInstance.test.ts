import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { CASES_KINDRED, makeInstancesCases } from '../../testing/make-instances-cases.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { describeInstance, LEAST, settle, SMALL_CATALOGUE } from '../../testing/records.ts';
import { CreateInstance } from './CreateInstance.ts';

testOperation(
  CreateInstance,
  {
    ...makeInstancesCases,
    'InvalidIoOptimizedValue.ValueNotSupported': (t) => t.call({ ...LEAST, IoOptimized: 'true' }),
  },
  { isShared: true, kindred: CASES_KINDRED },
);

test('an instance is left Stopped and goes the way that Packer takes it', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const made = await k.call('CreateInstance', {
    ...LEAST,
    InternetMaxBandwidthOut: '5',
    'SystemDisk.Category': 'cloud_essd',
    'SystemDisk.PerformanceLevel': 'PL0',
  });
  const InstanceId: string = made.InstanceId;
  const status = async () => (await describeInstance(k, InstanceId)).Status;
  // At once: libcloud starts it in its next call.
  assert.equal(await status(), 'Stopped');
  assert.equal((await describeInstance(k, InstanceId)).StartTime, '');

  const { IpAddress } = await k.call('AllocatePublicIpAddress', { InstanceId });
  assert.deepEqual((await describeInstance(k, InstanceId)).PublicIpAddress.IpAddress, [IpAddress]);
  await k.call('StartInstance', { InstanceId });
  assert.equal(await status(), 'Starting');
  settle(k);
  assert.equal(await status(), 'Running');
  assert.equal((await describeInstance(k, InstanceId)).StartTime, '2026-11-24T12:00Z');
  await k.call('StopInstance', { InstanceId, ForceStop: 'true', RegionId: REGION });
  assert.equal(await status(), 'Stopping');
  settle(k);
  assert.equal(await status(), 'Stopped');
  assert.equal((await describeInstance(k, InstanceId)).StoppedMode, 'KeepCharging');
  await k.call('DeleteInstance', { InstanceId });
  assert.equal(await describeInstance(k, InstanceId), undefined);
});
