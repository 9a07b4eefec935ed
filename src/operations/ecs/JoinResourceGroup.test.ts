import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { JoinResourceGroup } from './JoinResourceGroup.ts';

const newGroup = async (k: Harness): Promise<string> =>
  (await k.call('CreateResourceGroup', { Name: 'golden', DisplayName: 'Golden' })).ResourceGroup.Id;
const defaultGroup = async (k: Harness): Promise<string> =>
  (await k.call('ListResourceGroups')).ResourceGroups.ResourceGroup[0].Id;
const anImage = { RegionId: REGION, ResourceType: 'image', ResourceId: 'm-bp1ejhb4r1lyu55t0def' };
const ResourceGroupId = 'rg-bp1f9oz2v1n0z9s2aaaa';

testOperation(JoinResourceGroup, {
  MissingParameter: (t) => t.call(anImage),
  'InvalidResourceGroup.Duplicate': async (t) => {
    const group = await newGroup(t.k);
    const { imageId } = await t.k.image({ ResourceGroupId: group });
    return t.call({ ...anImage, ResourceId: imageId, ResourceGroupId: group });
  },
  'InvalidRegionId.NotFound': (t) => t.call({ ...anImage, ResourceGroupId, RegionId: 'cn-no' }),
  'InvalidResourceGroup.NotFound': async (t) => {
    const { imageId } = await t.k.image();
    return t.call({ ...anImage, ResourceId: imageId, ResourceGroupId });
  },
  'InvalidResourceId.NotFound': async (t) =>
    t.call({ ...anImage, ResourceGroupId: await newGroup(t.k) }),
  'InvalidResourceType.NotFound': (t) =>
    t.call({ ...anImage, ResourceGroupId, ResourceType: 'cloud' }),
});

test('images, snapshots and records move between groups, and are found by them', async (t) => {
  const k = await kindred(t);
  const group = await newGroup(k);
  const { imageId, snapshotId } = await k.image();
  await k.record('keypair', { resourceName: 'deploy' });
  const ids = { image: imageId, snapshot: snapshotId, keypair: 'deploy' };
  const join = async (to: string) => {
    for (const [ResourceType, ResourceId] of Object.entries(ids))
      await k.call('JoinResourceGroup', {
        RegionId: REGION,
        ResourceType,
        ResourceId,
        ResourceGroupId: to,
      });
  };
  const found = async (of: string) => {
    const query = { RegionId: REGION, ResourceGroupId: of };
    const { Images } = await k.call('DescribeImages', query);
    const { Snapshots } = await k.call('DescribeSnapshots', query);
    const images = Images.Image.map((image: { ResourceGroupId: string }) => image.ResourceGroupId);
    return [images.filter((id: string) => id !== '').length, Snapshots.Snapshot.length];
  };
  const everything = async (of: string) =>
    (await k.call('DescribeImages', { RegionId: REGION, ResourceGroupId: of })).TotalCount;
  await join(group);
  assert.deepEqual(await found(group), [1, 1]);
  const changes = await k.store.read((tx) => tx.changes(k.scope, 0, 100));
  assert.deepEqual([changes.at(-1)?.kind, changes.at(-1)?.imageId], ['attributes', imageId]);
  const keyPair = await k.store.read((tx) =>
    tx.resources(
      k.scope,
      { resourceType: 'keypair', resourceGroupId: group },
      { limit: 2, offset: 0 },
      k.clock.wallMs(),
    ),
  );
  assert.equal(keyPair.total, 1);
  await join(await defaultGroup(k));
  assert.deepEqual(await found(group), [0, 0]);
  // The image made first and the template that it was made from.
  assert.equal(await everything(await defaultGroup(k)), 2);
});
