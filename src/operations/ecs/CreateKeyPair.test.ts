import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { importKeyPair } from '../../testing/key-pairs.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { CreateKeyPair } from './CreateKeyPair.ts';

const make = (parameters: Parameters) => (t: Case) =>
  t.call({ RegionId: REGION, KeyPairName: 'builder', ...parameters });

testOperation(
  CreateKeyPair,
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
  },
  { isShared: true, kindred: { quotas: { networkRecords: 3 } } },
);

test('the private half is a real one, fits the public half, and is kept nowhere', async (t) => {
  const k = await kindred(t);
  const made = await k.call('CreateKeyPair', {
    RegionId: REGION,
    KeyPairName: 'builder',
    'Tag.1.Key': 'env',
  });
  assert.match(made.KeyPairId, /^ssh-bp1[0-9a-z]{17}$/);
  assert.match(made.PrivateKeyBody, /^-{5}BEGIN RSA PRIVATE KEY-{5}\n/);
  const key = createPrivateKey(made.PrivateKeyBody);
  assert.equal(key.asymmetricKeyDetails?.modulusLength, 2048);
  const { KeyPairs } = await k.call('DescribeKeyPairs', {
    RegionId: REGION,
    IncludePublicKey: 'true',
  });
  const [{ CreationTime: _, ...seen }] = KeyPairs.KeyPair;
  const { n = '' } = createPublicKey(key).export({ format: 'jwk' });
  const blob = Buffer.from(seen.PublicKey.split(' ')[1], 'base64');
  assert.ok(blob.includes(Buffer.from(n, 'base64url')), 'the public half of that very key');
  assert.deepEqual(seen, {
    KeyPairName: 'builder',
    KeyPairFingerPrint: made.KeyPairFingerPrint,
    PublicKey: seen.PublicKey,
    ResourceGroupId: '',
    Tags: { Tag: [{ TagKey: 'env', TagValue: '' }] },
  });
  const secret = Buffer.from(made.PrivateKeyBody.split('\n')[5]);
  for (const file of readdirSync(k.dataDir, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = readFileSync(join(file.parentPath, file.name));
    assert.equal(bytes.includes(secret), false, file.name);
  }
});

test('names are of account and region', async (t) => {
  const k = await kindred(t);
  await importKeyPair(k, 'mine');
  await importKeyPair(k, 'mine', { RegionId: 'cn-beijing' });
  const stranger = await k.newAccount();
  const theirs = { RegionId: REGION, KeyPairName: 'mine' };
  await k.call('CreateKeyPair', theirs, { as: stranger });
});
