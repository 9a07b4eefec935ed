import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { newVpc } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { ListTagResources } from './ListTagResources.ts';

const list = (parameters: Parameters) => async (t: Case) =>
  t.call({
    RegionId: REGION,
    ResourceType: 'VPC',
    'ResourceId.1': await newVpc(t.k),
    ...parameters,
  });

const many = (count: number, name: (n: number) => string): Parameters =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i + 1), `k${i}`]));

testOperation(
  ListTagResources,
  {
    'NumberExceed.ResourceIds': list(many(51, (n) => `ResourceId.${n}`)),
    'NumberExceed.Tags': list(many(21, (n) => `Tag.${n}.Key`)),
    'InvalidParameter.TagValue': list({ 'Tag.1.Value': 'x' }),
    'BothEmpty.TagsAndResources': list({ 'ResourceId.1': '' }),
    'Invalid.NextToken': list({ NextToken: 'of-another-query' }),
    'InvalidRegionId.NotFound': list({ RegionId: 'cn-nowhere' }),
    'MissingParameter.RegionId': list({ RegionId: '' }),
    'MissingParameter.ResourceType': list({ ResourceType: '' }),
    'InvalidResourceId.NotFound': list({ 'ResourceId.1': 'vpc-bp1unknown' }),
    'InvalidResourceType.NotFound': list({ ResourceType: 'image' }),
  },
  { isShared: true },
);

test('by tag, in pages; types that do not exist here have no tags', async (t) => {
  const k = await kindred(t);
  const made: string[] = [];
  for (let i = 0; i < 3; i++)
    made.push(await newVpc(k, { 'Tag.1.Key': 'env', 'Tag.1.Value': `${i}`, 'Tag.2.Key': 'x' }));
  const see = (parameters: Parameters) =>
    k.call('VpcListTagResources', { RegionId: REGION, ResourceType: 'VPC', ...parameters });
  const one = await see({ 'Tag.1.Key': 'env', 'Tag.1.Value': '1' });
  assert.deepEqual(
    one.TagResources.TagResource.map((row: { ResourceId: string; TagKey: string }) => [
      row.ResourceId,
      row.TagKey,
    ]),
    [
      [made[1], 'env'],
      [made[1], 'x'],
    ],
  );
  const seen: string[] = [];
  for (let NextToken = ''; ;) {
    const page = await see({ 'Tag.1.Key': 'env', MaxResults: '4', NextToken });
    for (const row of page.TagResources.TagResource) seen.push(`${row.ResourceId} ${row.TagKey}`);
    NextToken = page.NextToken;
    if (NextToken === '') break;
  }
  assert.deepEqual(
    seen,
    made.toSorted().flatMap((id) => [`${id} env`, `${id} x`]),
  );
  const none = await see({ ResourceType: 'NATGATEWAY', 'Tag.1.Key': 'env' });
  assert.deepEqual(none.TagResources.TagResource, []);
});
