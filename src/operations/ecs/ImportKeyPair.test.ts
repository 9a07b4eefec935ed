import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { FINGERPRINT_OF_KEY, importKeyPair, PUBLIC_KEY } from '../../testing/key-pairs.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { ImportKeyPair } from './ImportKeyPair.ts';

const make = (parameters: Parameters) => (t: Case) =>
  t.call({ RegionId: REGION, KeyPairName: 'mine', PublicKeyBody: PUBLIC_KEY, ...parameters });

testOperation(
  ImportKeyPair,
  {
    MissingParameter: make({ KeyPairName: '' }),
    'InvalidKeyPairName.Malformed': make({ KeyPairName: '1st' }),
    'KeyPair.AlreadyExist': async (t) => {
      await importKeyPair(t.k, 'taken');
      return make({ KeyPairName: 'taken' })(t);
    },
    InvalidTagCount: make(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidTagKey.Malformed': make({ 'Tag.1.Key': 'aliyun' }),
    'InvalidTagValue.Malformed': make({ 'Tag.1.Key': 'a', 'Tag.1.Value': 'http://x.test' }),
    'Duplicate.TagKey': make({ 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }),
    'QuotaExceed.KeyPair': async (t) => {
      for (const name of ['k1', 'k2', 'k3'])
        await importKeyPair(t.k, name, { RegionId: 'cn-beijing' });
      return make({ RegionId: 'cn-beijing' })(t);
    },
    'InvalidRegionId.NotFound': make({ RegionId: 'cn-nowhere' }),
    'InvalidResourceGroup.NotFound': make({ ResourceGroupId: 'mine' }),
    'InvalidPublicKeyBody.Malformed': make({ PublicKeyBody: 'ssh-ed25519 AAAA' }),
  },
  { isShared: true, kindred: { quotas: { networkRecords: 3 } } },
);

test('the key is kept without its comment', async (t) => {
  const k = await kindred(t);
  const made = await importKeyPair(k, 'mine', { PublicKeyBody: `${PUBLIC_KEY} me@example.com\n` });
  assert.equal(made.KeyPairFingerPrint, FINGERPRINT_OF_KEY);
  const { KeyPairs } = await k.call('DescribeKeyPairs', {
    RegionId: REGION,
    IncludePublicKey: 'true',
  });
  assert.equal(KeyPairs.KeyPair[0].PublicKey, PUBLIC_KEY);
});
