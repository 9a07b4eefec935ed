import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { RemoveTags } from './RemoveTags.ts';

const anImage = { RegionId: REGION, ResourceType: 'image', ResourceId: 'm-bp1ejhb4r1lyu55t0def' };
const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`]));

testOperation(RemoveTags, {
  MissingParameter: (t) => t.call({ ...anImage, ResourceId: '' }),
  InvalidTagCount: (t) => t.call({ ...anImage, ...numbered(21) }),
  'InvalidTag.Mismatch': (t) => t.call({ ...anImage, 'Tag.1.Value': 'alone' }),
  'InvalidRegionId.NotFound': (t) => t.call({ ...anImage, RegionId: 'cn-nowhere' }),
  'InvalidResourceId.NotFound': (t) => t.call(anImage),
  'InvalidResourceType.NotFound': (t) => t.call({ ...anImage, ResourceType: 'cloud' }),
});

test('a key with a value removes only that value, a key alone any', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'prod',
    'Tag.2.Key': 'team',
    'Tag.2.Value': 'base',
  });
  const one = { ...anImage, ResourceId: imageId };
  const left = async (parameters: Record<string, string>) => {
    await k.call('RemoveTags', { ...one, ...parameters });
    const { Images } = await k.call('DescribeImages', { RegionId: REGION, ImageId: imageId });
    return Images.Image[0].Tags.Tag.map(({ TagKey }: { TagKey: string }) => TagKey);
  };
  assert.deepEqual(await left({}), ['env', 'team']);
  assert.deepEqual(await left({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'dev' }), ['env', 'team']);
  assert.deepEqual(await left({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' }), ['team']);
  assert.deepEqual(await left({ 'Tag.1.Key': 'team' }), []);
});
