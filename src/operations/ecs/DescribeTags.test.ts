import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeTags } from './DescribeTags.ts';

const inRegion = { RegionId: REGION };
const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`]));

testOperation(DescribeTags, {
  MissingParameter: (t) => t.call({ ...inRegion, ResourceId: 'm-bp1ejhb4r1lyu55t0def' }),
  InvalidTagCount: (t) => t.call({ ...inRegion, ...numbered(21) }),
  'InvalidTagKey.Malformed': (t) => t.call({ ...inRegion, 'Tag.1.Key': 'acs:env' }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
  'InvalidResourceType.NotFound': (t) => t.call({ ...inRegion, ResourceType: 'cloud' }),
});

test('tags in use, with the number of resources of each type', async (t) => {
  const k = await kindred(t);
  const prod = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' };
  const { imageId, snapshotId } = await k.image({ ...prod, 'Tag.2.Key': 'team' });
  await k.image(prod);
  const tag = (ResourceType: string, ResourceId: string, Value: string) =>
    k.call('AddTags', {
      ...inRegion,
      ResourceType,
      ResourceId,
      'Tag.1.Key': 'env',
      'Tag.1.Value': Value,
    });
  await tag('snapshot', snapshotId, 'prod');
  await tag('snapshot', snapshotId, 'dev');
  await k.record('keypair', { resourceName: 'deploy' });
  await tag('keypair', 'deploy', 'prod');

  // Tags of other products are not of ECS.
  const vpc = await k.record('vpc');
  await k.store.write({ principal: 'test', requestId: 'test', nowMs: k.clock.wallMs() }, (tx) =>
    tx.setTag(k.scope, { resourceType: 'vpc', resourceId: vpc, tagKey: 'net', tagValue: '' }),
  );

  const shown = async (parameters: Record<string, string>) => {
    const { Tags, TotalCount } = await k.call('DescribeTags', { ...inRegion, ...parameters });
    const brief = Tags.Tag.map(
      // oxlint-disable-next-line typescript/no-explicit-any -- a parsed answer
      ({ TagKey, TagValue, ResourceTypeCount }: any) =>
        `${TagKey}=${TagValue} ${Object.entries(ResourceTypeCount)
          .filter(([, count]) => count !== 0)
          .map(([type, count]) => `${type}:${count}`)
          .join(' ')}`,
    );
    return [TotalCount, ...brief];
  };
  const all = ['env=dev Snapshot:1', 'env=prod Image:2 KeyPair:1', 'team= Image:1'];
  assert.deepEqual(await shown({}), [3, ...all]);
  assert.deepEqual(await shown({ PageSize: '2', PageNumber: '2' }), [3, all[2]]);
  assert.deepEqual(await shown({ ...prod, ResourceType: 'image' }), [1, 'env=prod Image:2']);
  assert.deepEqual(await shown({ 'Tag.1.Key': 'env' }), [2, all[0], all[1]]);
  const one = { ResourceType: 'image', ResourceId: imageId };
  assert.deepEqual(await shown(one), [2, 'env=prod Image:1', 'team= Image:1']);
  const keyPair = { ResourceType: 'keypair', ResourceId: 'deploy' };
  assert.deepEqual(await shown(keyPair), [1, 'env=prod KeyPair:1']);
  assert.deepEqual(await shown({ ResourceType: 'image', ResourceId: 'm-bp1gone' }), [0]);
  assert.deepEqual(await shown({ ResourceType: 'eni' }), [0]);
  const stranger = await k.newAccount();
  const theirs = await k.call('DescribeTags', { ...inRegion, ...one }, { as: stranger });
  assert.equal(theirs.TotalCount, 0);
});
