import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { newVpc } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { UnTagResources } from './UnTagResources.ts';

const untag = (parameters: Parameters) => async (t: Case) =>
  t.call({
    RegionId: REGION,
    ResourceType: 'VPC',
    'ResourceId.1': await newVpc(t.k),
    'TagKey.1': 'env',
    ...parameters,
  });

const many = (count: number, name: string): Parameters =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}.${i + 1}`, `k${i}`]));

testOperation(
  UnTagResources,
  {
    'NumberExceed.ResourceIds': untag(many(51, 'ResourceId')),
    'NumberExceed.Tags': untag(many(21, 'TagKey')),
    'Duplicate.TagKey': untag({ 'TagKey.2': 'env' }),
    'InvalidTagKey.Malformed': untag({ 'TagKey.1': 'acs:x' }),
    'Param.Conflict': untag({ All: 'true' }),
    'InvalidRegionId.NotFound': untag({ RegionId: 'cn-nowhere' }),
    'MissingParameter.RegionId': untag({ RegionId: '' }),
    'MissingParameter.ResourceType': untag({ ResourceType: '' }),
    'MissingParameter.ResourceIds': untag({ 'ResourceId.1': '' }),
    'InvalidResourceId.NotFound': untag({ 'ResourceId.1': 'vpc-bp1unknown' }),
    'InvalidResourceType.NotFound': untag({ ResourceType: 'image' }),
  },
  { isShared: true },
);

test('keys go one by one, or all', async (t) => {
  const k = await kindred(t);
  const VpcId = await newVpc(k, { 'Tag.1.Key': 'a', 'Tag.2.Key': 'b', 'Tag.3.Key': 'c' });
  const call = { RegionId: REGION, ResourceType: 'VPC', 'ResourceId.1': VpcId };
  const keys = async () =>
    (await k.call('VpcListTagResources', call)).TagResources.TagResource.map(
      ({ TagKey }: { TagKey: string }) => TagKey,
    );
  await k.call('VpcUnTagResources', { ...call, 'TagKey.1': 'b', 'TagKey.2': 'unknown' });
  assert.deepEqual(await keys(), ['a', 'c']);
  await k.call('VpcUnTagResources', call);
  assert.deepEqual(await keys(), ['a', 'c']);
  await k.call('VpcUnTagResources', { ...call, All: 'true' });
  assert.deepEqual(await keys(), []);
});
