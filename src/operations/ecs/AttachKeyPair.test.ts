import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { importKeyPair } from '../../testing/key-pairs.ts';
import { instanceWith } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { AttachKeyPair } from './AttachKeyPair.ts';

testOperation(
  AttachKeyPair,
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

test('each instance by itself: one that is not there keeps no other', async (t) => {
  const k = await kindred(t);
  await importKeyPair(k, 'first');
  await importKeyPair(k, 'second');
  const one = await instanceWith(k, {});
  const two = await instanceWith(k, { keyPairName: 'first' });
  const InstanceIds = JSON.stringify([one, 'i-bp1unknown', two]);
  const call = { RegionId: REGION, KeyPairName: 'second', InstanceIds };
  const { RequestId: _, ...answer } = await k.call('AttachKeyPair', call);
  assert.deepEqual(answer, {
    KeyPairName: 'second',
    TotalCount: '3',
    FailCount: '1',
    Results: {
      Result: [
        { InstanceId: one, Success: 'true', Code: '200', Message: 'successful' },
        {
          InstanceId: 'i-bp1unknown',
          Success: 'false',
          Code: 'InvalidInstanceId.NotFound',
          Message: 'The specified InstanceId does not exist.',
        },
        { InstanceId: two, Success: 'true', Code: '200', Message: 'successful' },
      ],
    },
  });
  await k.call('DeleteKeyPairs', { RegionId: REGION, KeyPairNames: '["first"]' });
  const kept = { RegionId: REGION, KeyPairNames: '["second"]' };
  assert.equal(
    (await k.refused('DeleteKeyPairs', kept)).code,
    'InvalidParameter.KeypairAlreadyAttachedInstance',
  );
});
