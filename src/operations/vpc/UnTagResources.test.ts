import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { newVpc } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { UnTagResources } from './UnTagResources.ts';

const aVpc = { RegionId: REGION, ResourceType: 'VPC', 'ResourceId.1': 'vpc-bp1unknown' };
const numbered = (name: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}.${i + 1}`, `v${i}`]));

testOperation(
  UnTagResources,
  {
    'NumberExceed.ResourceIds': (t) => t.call({ ...aVpc, ...numbered('ResourceId', 51) }),
    'NumberExceed.Tags': (t) => t.call({ ...aVpc, ...numbered('TagKey', 21) }),
    'Duplicate.TagKey': (t) => t.call({ ...aVpc, 'TagKey.1': 'env', 'TagKey.2': 'env' }),
    'InvalidTagKey.Malformed': (t) => t.call({ ...aVpc, 'TagKey.1': 'aliyun-env' }),
    'InvalidRegionId.NotFound': (t) => t.call({ ...aVpc, RegionId: 'cn-nowhere' }),
    'MissingParameter.RegionId': (t) => t.call({ ...aVpc, RegionId: '' }),
    'MissingParameter.ResourceType': (t) => t.call({ ...aVpc, ResourceType: '' }),
    'MissingParameter.ResourceIds': (t) => t.call({ RegionId: REGION, ResourceType: 'VPC' }),
    'InvalidResourceId.NotFound': (t) => t.call({ ...aVpc, All: 'true' }),
    'InvalidResourceType.NotFound': (t) => t.call({ ...aVpc, ResourceType: 'cloud' }),
  },
  { isShared: true },
);

test('keys are removed byte for byte, All removes the rest unless keys are named', async (t) => {
  const k = await kindred(t);
  const it = { ...aVpc, 'ResourceId.1': await newVpc(k) };
  await k.call('VpcTagResources', { ...it, 'Tag.1.Key': 'a', 'Tag.2.Key': 'b', 'Tag.3.Key': 'c' });
  const left = async (): Promise<string> => {
    const { TagResources } = await k.call('VpcListTagResources', it);
    return TagResources.TagResource.map((row: { TagKey: string }) => row.TagKey).join('');
  };
  await k.call('VpcUnTagResources', { ...it, 'TagKey.1': 'A', 'TagKey.2': 'unknown' });
  await k.call('VpcUnTagResources', it);
  assert.equal(await left(), 'abc');
  await k.call('VpcUnTagResources', { ...it, 'TagKey.1': 'a', All: 'true' });
  assert.equal(await left(), 'bc');
  const error = await k.refused(
    'VpcUnTagResources',
    { ...it, All: 'true' },
    { as: await k.newAccount() },
  );
  assert.equal(error.code, 'InvalidResourceId.NotFound');
  await k.call('VpcUnTagResources', { ...it, All: 'True' });
  assert.equal(await left(), '');
});
