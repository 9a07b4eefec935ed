import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { UntagResources } from './UntagResources.ts';

const inRegion = { RegionId: REGION };
const anImage = { ...inRegion, ResourceType: 'image', 'ResourceId.1': 'm-bp1ejhb4r1lyu55t0def' };
const numbered = (name: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}.${i + 1}`, `v${i}`]));

testOperation(UntagResources, {
  'NumberExceed.ResourceIds': (t) => t.call({ ...anImage, ...numbered('ResourceId', 51) }),
  'NumberExceed.Tags': (t) => t.call({ ...anImage, ...numbered('TagKey', 21) }),
  'Duplicate.TagKey': (t) => t.call({ ...anImage, 'TagKey.1': 'env', 'TagKey.2': 'env' }),
  'InvalidTagKey.Malformed': (t) => t.call({ ...anImage, 'TagKey.1': 'aliyun-env' }),
  'Param.Conflict': (t) => t.call({ ...anImage, 'TagKey.1': 'env', All: 'true' }),
  'InvalidRegionId.NotFound': (t) => t.call({ ...anImage, RegionId: 'cn-nowhere' }),
  'MissingParameter.RegionId': (t) => t.call({ ...anImage, RegionId: '' }),
  'MissingParameter.ResourceType': (t) => t.call({ ...anImage, ResourceType: '' }),
  'MissingParameter.ResourceIds': (t) => t.call({ ...inRegion, ResourceType: 'image' }),
  'InvalidResourceId.NotFound': (t) => t.call({ ...anImage, All: 'true' }),
  'InvalidResourceType.NotFound': (t) => t.call({ ...anImage, ResourceType: 'Image' }),
});

test('keys are removed byte for byte, All removes the rest, and the journal keeps both', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.startImport();
  const it = { ...anImage, 'ResourceId.1': imageId };
  const tags = async () => (await k.store.read((tx) => tx.image(k.scope, imageId)))?.tags;
  await k.call('TagResources', {
    ...it,
    'Tag.1.Key': 'a',
    'Tag.2.Key': 'b',
    'Tag.3.Key': 'c',
  });

  await k.call('UntagResources', { ...it, 'TagKey.1': 'A', 'TagKey.2': 'unknown' });
  await k.call('UntagResources', it);
  assert.equal((await tags())?.length, 3);
  await k.call('UntagResources', { ...it, 'TagKey.1': 'a', All: 'false' });
  assert.deepEqual(
    (await tags())?.map((tag) => tag.tagKey),
    ['b', 'c'],
  );
  await k.call('UntagResources', { ...it, All: 'True' });
  assert.deepEqual(await tags(), []);
  const changes = await k.store.read((tx) => tx.changes(k.scope, 0, 100));
  assert.deepEqual(
    changes.map((change) => change.kind),
    ['accepted', 'tagged', 'tagged', 'tagged'],
  );
});

test('another account cannot remove tags', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.startImport();
  const it = { ...anImage, 'ResourceId.1': imageId, All: 'true' };
  const error = await k.refused('UntagResources', it, { as: await k.newAccount() });
  assert.equal(error.code, 'InvalidResourceId.NotFound');
});
