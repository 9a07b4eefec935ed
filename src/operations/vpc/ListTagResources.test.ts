import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { newVpc } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ListTagResources } from './ListTagResources.ts';

const vpcs = { RegionId: REGION, ResourceType: 'VPC' };
const aVpc = { ...vpcs, 'ResourceId.1': 'vpc-bp1unknown' };
const aTag = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' };
const numbered = (name: string, count: number, suffix = '') =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${name}.${i + 1}${suffix}`, `v${i}`]),
  );

testOperation(
  ListTagResources,
  {
    'NumberExceed.ResourceIds': (t) => t.call({ ...vpcs, ...numbered('ResourceId', 51) }),
    'NumberExceed.Tags': (t) => t.call({ ...vpcs, ...numbered('Tag', 21, '.Key') }),
    'Duplicate.TagKey': (t) => t.call({ ...vpcs, ...aTag, 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': (t) => t.call({ ...vpcs, 'Tag.1.Key': 'k'.repeat(129) }),
    'InvalidTagValue.Malformed': (t) => t.call({ ...vpcs, ...aTag, 'Tag.1.Value': 'https://a' }),
    'InvalidParameter.TagValue': (t) => t.call({ ...vpcs, 'Tag.1.Value': 'prod' }),
    'BothEmpty.TagsAndResources': (t) => t.call(vpcs),
    'Invalid.NextToken': (t) => t.call({ ...vpcs, ...aTag, NextToken: 'bm90IG91cnM' }),
    'InvalidRegionId.NotFound': (t) => t.call({ ...aVpc, RegionId: 'cn-nowhere' }),
    'MissingParameter.RegionId': (t) => t.call({ ...aVpc, RegionId: '' }),
    'MissingParameter.ResourceType': (t) => t.call({ ...aVpc, ResourceType: '' }),
    'InvalidResourceId.NotFound': (t) => t.call(aVpc),
    'InvalidResourceType.NotFound': (t) => t.call({ ...aVpc, ResourceType: 'cloud' }),
  },
  { isShared: true },
);

test('bindings are found by resource and by tag, page by page, for their own account', async (t) => {
  const k = await kindred(t);
  const [one, two] = [await newVpc(k), await newVpc(k)];
  const both = { ...vpcs, 'ResourceId.1': one, 'ResourceId.2': two };
  const list = async (parameters: Record<string, string>) => {
    const { TagResources, NextToken } = await k.call('VpcListTagResources', parameters);
    return { rows: TagResources.TagResource as Record<string, string>[], NextToken };
  };
  assert.deepEqual(await list(both), { rows: [], NextToken: '' });
  await k.call('VpcTagResources', { ...both, ...aTag, 'Tag.2.Key': 'team' });
  await k.call('VpcUnTagResources', { ...vpcs, 'ResourceId.1': two, 'TagKey.1': 'team' });

  const env = { ResourceType: 'VPC', TagKey: 'env', TagValue: 'prod' };
  const ofOne = [
    { ...env, ResourceId: one },
    { ...env, ResourceId: one, TagKey: 'team', TagValue: '' },
  ];
  assert.deepEqual((await list({ ...vpcs, 'ResourceId.1': one })).rows, ofOne);
  assert.deepEqual((await list({ ...vpcs, 'Tag.1.Key': 'team' })).rows, ofOne);
  assert.equal((await list({ ...vpcs, ...aTag })).rows.length, 3);
  const first = await list({ ...both, MaxResults: '2' });
  const second = await list({ ...both, MaxResults: '2', NextToken: first.NextToken });
  assert.deepEqual([first.rows.length, second.rows.length, second.NextToken], [2, 1, '']);
  const other = { ...vpcs, ...aTag, NextToken: first.NextToken };
  assert.equal((await k.refused('VpcListTagResources', other)).code, 'Invalid.NextToken');
  const stranger = { as: await k.newAccount() };
  const foreign = await k.call('VpcListTagResources', { ...vpcs, ...aTag }, stranger);
  assert.deepEqual(foreign.TagResources, { TagResource: [] });
});
