import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { AddTags } from './AddTags.ts';

const anImage = { RegionId: REGION, ResourceType: 'image', ResourceId: 'm-bp1ejhb4r1lyu55t0def' };
const aTag = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' };
const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`]));

testOperation(AddTags, {
  MissingParameter: (t) => t.call(anImage),
  InvalidTagCount: (t) => t.call({ ...anImage, ...numbered(21) }),
  'Duplicate.TagKey': (t) => t.call({ ...anImage, 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
  'InvalidTagKey.Malformed': (t) => t.call({ ...anImage, 'Tag.1.Key': 'acs:env' }),
  'InvalidTagValue.Malformed': (t) => t.call({ ...anImage, ...aTag, 'Tag.1.Value': 'http://a' }),
  'InvalidTag.Mismatch': (t) => t.call({ ...anImage, ...aTag, 'Tag.2.Value': 'alone' }),
  'QuotaExceed.Tags': async (t) => {
    const { imageId } = await t.k.startImport();
    await t.k.call('AddTags', { ...anImage, ResourceId: imageId, ...numbered(20) });
    return t.call({ ...anImage, ResourceId: imageId, ...aTag });
  },
  'TagKey.Duplication': (t) => t.call({ ...anImage, 'Tag.1.Key': 'env', 'Tag.2.Key': 'ENV' }),
  'InvalidRegionId.NotFound': (t) => t.call({ ...anImage, ...aTag, RegionId: 'cn-nowhere' }),
  'InvalidResourceId.NotFound': (t) => t.call({ ...anImage, ...aTag }),
  'InvalidResourceType.NotFound': (t) => t.call({ ...anImage, ...aTag, ResourceType: 'cloud' }),
});

test('tags one resource as TagResources does, and the journal keeps it', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const one = { ...anImage, ResourceId: imageId };
  await k.call('AddTags', { ...one, 'Tag.1.key': 'env', 'Tag.1.value': 'prod' });
  await k.call('AddTags', { ...one, 'Tag.1.Key': 'env', 'Tag.1.Value': 'dev' });
  const { Images } = await k.call('DescribeImages', { RegionId: REGION, ImageId: imageId });
  assert.deepEqual(Images.Image[0].Tags.Tag, [{ TagKey: 'env', TagValue: 'dev' }]);
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});
