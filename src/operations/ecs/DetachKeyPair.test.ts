import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { importKeyPair } from '../../testing/key-pairs.ts';
import { instanceWith } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DetachKeyPair } from './DetachKeyPair.ts';

testOperation(
  DetachKeyPair,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION, KeyPairName: 'mine' }),
    InvalidParameter: async (t) => {
      await importKeyPair(t.k, 'mine');
      return t.call({ RegionId: REGION, KeyPairName: 'mine', InstanceIds: 'i-bp1' });
    },
    'InvalidRegionId.NotFound': (t) =>
      t.call({ RegionId: 'cn-nowhere', KeyPairName: 'mine', InstanceIds: '["i-bp1"]' }),
    'InvalidKeyPairName.NotFound': (t) =>
      t.call({ RegionId: REGION, KeyPairName: 'unknown', InstanceIds: '["i-bp1"]' }),
  },
  { isShared: true },
);

test('an instance that has another key pair keeps it', async (t) => {
  const k = await kindred(t);
  await importKeyPair(k, 'mine');
  const has = await instanceWith(k, { keyPairName: 'mine' });
  const other = await instanceWith(k, { keyPairName: 'other' });
  const InstanceIds = JSON.stringify([has, other]);
  const call = { RegionId: REGION, KeyPairName: 'mine', InstanceIds };
  const { FailCount, Results } = await k.call('DetachKeyPair', call);
  assert.equal(FailCount, '1');
  assert.deepEqual(
    Results.Result.map(({ Code }: { Code: string }) => Code),
    ['200', 'InvalidKeyPair.NotAttached'],
  );
  await k.call('DeleteKeyPairs', { RegionId: REGION, KeyPairNames: '["mine"]' });
});
