import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { newVpc, newVSwitch } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { TagResources } from './TagResources.ts';

const aVpc = { RegionId: REGION, ResourceType: 'VPC', 'ResourceId.1': 'vpc-bp1unknown' };
const aTag = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' };
const numbered = (name: string, count: number, suffix = '') =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${name}.${i + 1}${suffix}`, `v${i}`]),
  );

testOperation(
  TagResources,
  {
    'NumberExceed.ResourceIds': (t) => t.call({ ...aVpc, ...numbered('ResourceId', 51), ...aTag }),
    'NumberExceed.Tags': (t) => t.call({ ...aVpc, ...numbered('Tag', 21, '.Key') }),
    'Duplicate.TagKey': (t) => t.call({ ...aVpc, 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': (t) => t.call({ ...aVpc, 'Tag.1.Key': 'acs:env' }),
    'InvalidTagValue.Malformed': (t) => t.call({ ...aVpc, ...aTag, 'Tag.1.Value': 'http://a' }),
    'InvalidTag.Mismatch': (t) => t.call({ ...aVpc, ...aTag, 'Tag.2.Value': 'alone' }),
    'QuotaExceed.Tags': async (t) => {
      const it = { ...aVpc, 'ResourceId.1': await newVpc(t.k) };
      await t.k.call('VpcTagResources', { ...it, ...numbered('Tag', 20, '.Key') });
      return t.call({ ...it, ...aTag });
    },
    'TagKey.Duplication': (t) => t.call({ ...aVpc, 'Tag.1.Key': 'env', 'Tag.2.Key': 'ENV' }),
    'InvalidRegionId.NotFound': (t) => t.call({ ...aVpc, ...aTag, RegionId: 'cn-nowhere' }),
    'MissingParameter.RegionId': (t) => t.call({ ...aVpc, ...aTag, RegionId: '' }),
    'MissingParameter.ResourceType': (t) => t.call({ ...aVpc, ...aTag, ResourceType: '' }),
    'MissingParameter.ResourceIds': (t) => t.call({ ...aVpc, ...aTag, 'ResourceId.1': '' }),
    'MissingParameter.Tags': (t) => t.call(aVpc),
    'InvalidResourceId.NotFound': async (t) =>
      t.call({ ...aVpc, ...aTag, 'ResourceId.2': await newVpc(t.k) }),
    'InvalidResourceType.NotFound': (t) => t.call({ ...aVpc, ...aTag, ResourceType: 'image' }),
  },
  { isShared: true },
);

test('a VPC and a vSwitch show their tags; the type is taken in any case', async (t) => {
  const k = await kindred(t);
  const VpcId = await newVpc(k);
  const VSwitchId = await newVSwitch(k, { VpcId });
  await k.call('VpcTagResources', { ...aVpc, ResourceType: 'vpc', 'ResourceId.1': VpcId, ...aTag });
  const zone = { ...aVpc, ResourceType: 'VSwitch', 'ResourceId.1': VSwitchId };
  await k.call('VpcTagResources', { ...zone, 'Tag.1.Key': 'env' });
  const vpc = await k.call('DescribeVpcAttribute', { RegionId: REGION, VpcId });
  assert.deepEqual(vpc.Tags, { Tag: [{ Key: 'env', Value: 'prod' }] });
  const vSwitch = await k.call('DescribeVSwitchAttributes', { RegionId: REGION, VSwitchId });
  assert.deepEqual(vSwitch.Tags, { Tag: [{ Key: 'env', Value: '' }] });
});

test('an id of another type or of another account is not found', async (t) => {
  const k = await kindred(t);
  const it = { ...aVpc, 'ResourceId.1': await newVpc(k), ...aTag };
  for (const error of [
    await k.refused('VpcTagResources', { ...it, ResourceType: 'VSWITCH' }),
    await k.refused('VpcTagResources', it, { as: await k.newAccount() }),
  ])
    assert.equal(error.code, 'InvalidResourceId.NotFound');
});
