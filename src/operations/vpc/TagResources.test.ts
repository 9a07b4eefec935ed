import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { newEip, newVpc, newVSwitch } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { TagResources } from './TagResources.ts';

const tag = (parameters: Parameters) => async (t: Case) =>
  t.call({
    RegionId: REGION,
    ResourceType: 'VPC',
    'ResourceId.1': await newVpc(t.k),
    'Tag.1.Key': 'env',
    ...parameters,
  });

const many = (count: number, name: (n: number) => string, value: string): Parameters =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i + 1), `${value}${i}`]));

testOperation(
  TagResources,
  {
    'NumberExceed.ResourceIds': tag(many(51, (n) => `ResourceId.${n}`, 'vpc-')),
    'NumberExceed.Tags': tag(many(21, (n) => `Tag.${n}.Key`, 'k')),
    'Duplicate.TagKey': tag({ 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': tag({ 'Tag.1.Key': 'aliyun' }),
    'InvalidTagValue.Malformed': tag({ 'Tag.1.Value': 'http://x.test' }),
    'InvalidTag.Mismatch': tag({ 'Tag.1.Key': '', 'Tag.1.Value': 'x' }),
    'QuotaExceed.Tags': async (t) => {
      const call = { RegionId: REGION, ResourceType: 'VPC', 'ResourceId.1': await newVpc(t.k) };
      await t.k.call('VpcTagResources', { ...call, ...many(20, (n) => `Tag.${n}.Key`, 'k') });
      return t.call({ ...call, 'Tag.1.Key': 'more' });
    },
    'TagKey.Duplication': tag({ 'Tag.2.Key': 'ENV' }),
    'InvalidRegionId.NotFound': tag({ RegionId: 'cn-nowhere' }),
    'MissingParameter.RegionId': tag({ RegionId: '' }),
    'MissingParameter.ResourceType': tag({ ResourceType: '' }),
    'MissingParameter.ResourceIds': tag({ 'ResourceId.1': '' }),
    'MissingParameter.Tags': tag({ 'Tag.1.Key': '' }),
    'InvalidResourceId.NotFound': tag({ ResourceType: 'NATGATEWAY' }),
    'InvalidResourceType.NotFound': tag({ ResourceType: 'image' }),
  },
  { isShared: true },
);

test('VPCs, vSwitches and addresses carry tags; all or nothing', async (t) => {
  const k = await kindred(t);
  const vpc = await newVpc(k, { 'Tag.1.Key': 'env', 'Tag.1.Value': 'old' });
  const vSwitch = await newVSwitch(k, { VpcId: vpc });
  const eip = await newEip(k);
  const call = (ResourceType: string, ResourceId: string) => ({
    RegionId: REGION,
    ResourceType,
    'ResourceId.1': ResourceId,
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'ci',
  });
  for (const [type, id] of [
    ['VPC', vpc],
    ['VSWITCH', vSwitch],
    ['EIP', eip],
  ] as const) {
    await k.call('VpcTagResources', call(type, id));
    const { TagResources: found } = await k.call('VpcListTagResources', call(type, id));
    assert.deepEqual(found.TagResource, [
      { ResourceId: id, ResourceType: type, TagKey: 'env', TagValue: 'ci' },
    ]);
  }
  const stranger = await k.newAccount();
  const before = k.stateHash();
  const both = { ...call('VPC', vpc), 'ResourceId.2': 'vpc-bp1unknown', 'Tag.1.Value': 'x' };
  assert.equal((await k.refused('VpcTagResources', both)).status, 404);
  assert.equal(
    (await k.refused('VpcTagResources', call('VPC', vpc), { as: stranger })).status,
    404,
  );
  assert.equal(k.stateHash(), before);
  const [seen] = (await k.call('DescribeVpcs', { RegionId: REGION })).Vpcs.Vpc;
  assert.deepEqual(seen.Tags, { Tag: [{ Key: 'env', Value: 'ci' }] });
});
