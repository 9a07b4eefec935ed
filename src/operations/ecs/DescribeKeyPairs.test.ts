import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { importKeyPair } from '../../testing/key-pairs.ts';
import { newResourceGroup } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { DescribeKeyPairs } from './DescribeKeyPairs.ts';

const list = (parameters: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...parameters });

testOperation(
  DescribeKeyPairs,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: list({ PageNumber: '0' }),
    'InvalidTag.Mismatch': list({ 'Tag.1.Value': 'alone' }),
    InvalidTagCount: list(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidRegionId.NotFound': list({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('filters and pages', async (t) => {
  const k = await kindred(t);
  const ResourceGroupId = await newResourceGroup(k);
  const { KeyPairFingerPrint } = await importKeyPair(k, 'web-1', { 'Tag.1.Key': 'env' });
  await importKeyPair(k, 'web-2', { ResourceGroupId });
  await importKeyPair(k, 'data');
  const found = async (parameters: Parameters, options = {}) => {
    const answer = await k.call('DescribeKeyPairs', { RegionId: REGION, ...parameters }, options);
    assert.equal(answer.TotalCount, answer.KeyPairs.KeyPair.length);
    return answer.KeyPairs.KeyPair.map((pair: { KeyPairName: string }) => pair.KeyPairName).join(
      ' ',
    );
  };
  for (const [parameters, expected] of [
    [{}, 'data web-2 web-1'],
    [{ KeyPairName: 'web-1' }, 'web-1'],
    [{ KeyPairName: 'web*' }, 'web-2 web-1'],
    [{ KeyPairName: '*a*' }, 'data'],
    [{ KeyPairName: 'unknown' }, ''],
    [{ KeyPairFingerPrint, KeyPairName: 'web-2' }, 'web-2'],
    [{ KeyPairFingerPrint: '00' }, ''],
    [{ ResourceGroupId }, 'web-2'],
    [{ 'Tag.1.Key': 'env' }, 'web-1'],
  ] as const)
    assert.equal(await found(parameters), expected, JSON.stringify(parameters));
  const page = await k.call('DescribeKeyPairs', {
    RegionId: REGION,
    PageSize: '2',
    PageNumber: '2',
  });
  assert.deepEqual(
    [page.PageNumber, page.PageSize, page.TotalCount, page.KeyPairs.KeyPair.length],
    [2, 2, 3, 1],
  );
  assert.equal(page.KeyPairs.KeyPair[0].PublicKey, '');
  const stranger = await k.newAccount();
  assert.equal(await found({ KeyPairName: 'web*' }, { as: stranger }), '');
});
