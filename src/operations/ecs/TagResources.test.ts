import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { TagResources } from './TagResources.ts';

const inRegion = { RegionId: REGION };
const anImage = { ...inRegion, ResourceType: 'image', 'ResourceId.1': 'm-bp1ejhb4r1lyu55t0def' };
const aTag = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' };
const numbered = (name: string, count: number, suffix = '') =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${name}.${i + 1}${suffix}`, `v${i}`]),
  );

testOperation(TagResources, {
  'NumberExceed.ResourceIds': (t) =>
    t.call({ ...inRegion, ResourceType: 'image', ...numbered('ResourceId', 51), ...aTag }),
  'NumberExceed.Tags': (t) => t.call({ ...anImage, ...numbered('Tag', 21, '.Key') }),
  'Duplicate.TagKey': (t) => t.call({ ...anImage, 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
  'InvalidTagKey.Malformed': (t) => t.call({ ...anImage, 'Tag.1.Key': 'acs:env' }),
  'InvalidTagValue.Malformed': (t) => t.call({ ...anImage, ...aTag, 'Tag.1.Value': 'http://a' }),
  'InvalidTag.Mismatch': (t) => t.call({ ...anImage, ...aTag, 'Tag.2.Value': 'alone' }),
  'QuotaExceed.Tags': async (t) => {
    const { imageId } = await t.k.startImport();
    const it = { ...anImage, 'ResourceId.1': imageId };
    await t.k.call('TagResources', { ...it, ...numbered('Tag', 20, '.Key') });
    return t.call({ ...it, ...aTag });
  },
  'TagKey.Duplication': (t) => t.call({ ...anImage, 'Tag.1.Key': 'env', 'Tag.2.Key': 'ENV' }),
  'InvalidRegionId.NotFound': (t) => t.call({ ...anImage, ...aTag, RegionId: 'cn-nowhere' }),
  'MissingParameter.RegionId': (t) => t.call({ ...anImage, ...aTag, RegionId: '' }),
  'MissingParameter.ResourceType': (t) => t.call({ ...anImage, ...aTag, ResourceType: '' }),
  'MissingParameter.ResourceIds': (t) => t.call({ ...anImage, ...aTag, 'ResourceId.1': '' }),
  'MissingParameter.Tags': (t) => t.call(anImage),
  'InvalidResourceId.NotFound': async (t) => {
    const { imageId } = await t.k.startImport();
    return t.call({ ...anImage, 'ResourceId.2': imageId, ...aTag });
  },
  'InvalidResourceType.NotFound': (t) => t.call({ ...anImage, ...aTag, ResourceType: 'cloud' }),
});

test('tags are set on images and snapshots, and an existing key gets the new value', async (t) => {
  const k = await kindred(t);
  const one = await k.startImport();
  const two = await k.startImport();
  const both = { ...anImage, 'ResourceId.1': one.imageId, 'ResourceId.2': two.imageId };
  await k.call('TagResources', { ...both, ...aTag, 'Tag.2.Key': 'Removal date' });
  await k.call('TagResources', { ...both, 'Tag.1.Key': 'env', 'Tag.1.Value': 'dev' });
  const image = await k.store.read((tx) => tx.image(k.scope, one.imageId));
  assert.deepEqual(image?.tags, [
    { tagKey: 'Removal date', tagValue: '' },
    { tagKey: 'env', tagValue: 'dev' },
  ]);

  const snapshotId = image?.disks[0]?.snapshotId ?? '';
  await k.call('TagResources', {
    ...inRegion,
    ResourceType: 'snapshot',
    'ResourceId.1': snapshotId,
    'Tag.1.key': 'team',
    'Tag.1.value': 'base',
  });
  const { Snapshots } = await k.call('DescribeSnapshots', {
    ...inRegion,
    SnapshotIds: JSON.stringify([snapshotId]),
  });
  assert.deepEqual(Snapshots.Snapshot[0].Tags.Tag, [{ TagKey: 'team', TagValue: 'base' }]);
});

test('the journal keeps each change of an image once; setting the same again is no change', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.startImport();
  const it = { ...anImage, 'ResourceId.1': imageId, 'ResourceId.2': imageId, ...aTag };
  await k.call('TagResources', it);
  await k.call('TagResources', it);
  const changes = await k.store.read((tx) => tx.changes(k.scope, 0, 100));
  assert.deepEqual(
    changes.map((change) => change.kind),
    ['accepted', 'tagged'],
  );
});

test('all or nothing: one unknown id leaves the others untouched', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.startImport();
  const stranger = await k.newAccount();
  const it = { ...anImage, 'ResourceId.1': imageId, ...aTag };
  for (const error of [
    await k.refused('TagResources', { ...it, 'ResourceId.2': 'm-bp1unknown' }),
    await k.refused('TagResources', it, { as: stranger }),
    await k.refused('TagResources', { ...it, RegionId: 'cn-beijing' }),
    await k.refused('TagResources', { ...it, ResourceType: 'snapshot' }),
    await k.refused('TagResources', { ...it, ResourceType: 'instance' }),
  ])
    assert.equal(error.code, 'InvalidResourceId.NotFound');
  const image = await k.store.read((tx) => tx.image(k.scope, imageId));
  assert.deepEqual(image?.tags, []);
});

test('records carry tags too; a key pair is named by its name', async (t) => {
  const k = await kindred(t);
  await k.record('keypair', { resourceId: 'kp-bp1one', resourceName: 'deploy' });
  await k.record('securitygroup', { resourceId: 'sg-bp1one' });
  const tagged = [
    ['keypair', 'deploy'],
    ['securitygroup', 'sg-bp1one'],
  ] as const;
  for (const [ResourceType, id] of tagged) {
    const one = { ...inRegion, ResourceType, 'ResourceId.1': id };
    const list = async (more: Record<string, string>) =>
      (await k.call('ListTagResources', { ...inRegion, ResourceType, ...more })).TagResources
        .TagResource;
    await k.call('TagResources', { ...one, ...aTag });
    const expected = [{ ResourceId: id, ResourceType, TagKey: 'env', TagValue: 'prod' }];
    assert.deepEqual(await list({ 'ResourceId.1': id }), expected);
    assert.deepEqual(await list(aTag), expected);
    await k.call('UntagResources', { ...one, 'TagKey.1': 'env' });
    assert.deepEqual(await list(aTag), []);
  }
});
