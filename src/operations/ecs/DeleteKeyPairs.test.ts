import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { importKeyPair } from '../../testing/key-pairs.ts';
import { instanceWith } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DeleteKeyPairs } from './DeleteKeyPairs.ts';

testOperation(
  DeleteKeyPairs,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: (t) => t.call({ RegionId: REGION, KeyPairNames: '[]' }),
    'InvalidParameter.KeypairAlreadyAttachedInstance': async (t) => {
      await importKeyPair(t.k, 'used');
      await importKeyPair(t.k, 'free');
      await instanceWith(t.k, { keyPairName: 'used' });
      return t.call({ RegionId: REGION, KeyPairNames: '["free","used"]' });
    },
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', KeyPairNames: '["a"]' }),
    'InvalidKeyPair.NotFound': async (t) => {
      await importKeyPair(t.k, 'known');
      return t.call({ RegionId: REGION, KeyPairNames: '["known","unknown"]' });
    },
  },
  { isShared: true },
);

test('several go at once, and a name can be used again', async (t) => {
  const k = await kindred(t);
  for (const name of ['k1', 'k2', 'k3']) await importKeyPair(k, name);
  const stranger = await k.newAccount();
  const call = { RegionId: REGION, KeyPairNames: '["k1","k2","k1"]' };
  assert.equal((await k.refused('DeleteKeyPairs', call, { as: stranger })).status, 404);
  await k.call('DeleteKeyPairs', call);
  const { KeyPairs } = await k.call('DescribeKeyPairs', { RegionId: REGION });
  assert.deepEqual(
    KeyPairs.KeyPair.map((pair: { KeyPairName: string }) => pair.KeyPairName),
    ['k3'],
  );
  await importKeyPair(k, 'k1');
});
