import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ListTagResources } from './ListTagResources.ts';

const images = { RegionId: REGION, ResourceType: 'image' };
const anImage = { ...images, 'ResourceId.1': 'm-bp1ejhb4r1lyu55t0def' };
const aTag = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' };
const numbered = (name: string, count: number, suffix = '') =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${name}.${i + 1}${suffix}`, `v${10 + i}`]),
  );

testOperation(ListTagResources, {
  'NumberExceed.ResourceIds': (t) => t.call({ ...images, ...numbered('ResourceId', 51) }),
  'NumberExceed.Tags': (t) => t.call({ ...images, ...numbered('Tag', 21, '.Key') }),
  'Duplicate.TagKey': (t) => t.call({ ...images, ...aTag, 'Tag.2.Key': 'env' }),
  'InvalidTagKey.Malformed': (t) => t.call({ ...images, 'Tag.1.Key': 'k'.repeat(129) }),
  'InvalidTagValue.Malformed': (t) => t.call({ ...images, ...aTag, 'Tag.1.Value': 'https://a' }),
  'InvalidParameter.TagValue': (t) => t.call({ ...images, 'Tag.1.Value': 'prod' }),
  'InvalidTag.NotSupported': (t) =>
    t.call({ ...images, 'Tag.1.Key': 'acs:rm:rgId', 'Tag.1.Value': 'rg-1' }),
  'BothEmpty.TagsAndResources': (t) => t.call(images),
  'PermissionDenied.TagsFuzzyQuery': (t) =>
    t.call({ ...images, 'TagFilter.1.TagKey': 'env', 'TagFilter.1.TagValues.1': 'p*' }),
  'Invalid.NextToken': (t) => t.call({ ...images, ...aTag, NextToken: 'bm90IG91cnM' }),
  'InvalidRegionId.NotFound': (t) => t.call({ ...anImage, RegionId: 'cn-nowhere' }),
  'MissingParameter.RegionId': (t) => t.call({ ...anImage, RegionId: '' }),
  'MissingParameter.ResourceType': (t) => t.call({ ...anImage, ResourceType: '' }),
  'InvalidResourceId.NotFound': (t) => t.call(anImage),
  'InvalidResourceType.NotFound': (t) => t.call({ ...anImage, ResourceType: 'cloud' }),
});

const list = async (k: Harness, parameters: Record<string, string>) => {
  const { NextToken, TagResources } = await k.call('ListTagResources', {
    ...images,
    ...parameters,
  });
  const rows = TagResources.TagResource as Record<string, string>[];
  return { NextToken: NextToken as string, rows };
};

test('bindings are found by resource, by tag and by both; all tags of a match are listed', async (t) => {
  const k = await kindred(t);
  const one = (await k.startImport()).imageId;
  const two = (await k.startImport()).imageId;
  const bare = (await k.startImport()).imageId;
  await k.call('TagResources', { ...images, 'ResourceId.1': one, ...aTag, 'Tag.2.Key': 'team' });
  await k.call('TagResources', {
    ...images,
    'ResourceId.1': two,
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'dev',
  });

  const all = await list(k, { 'ResourceId.1': one, 'ResourceId.2': two, 'ResourceId.3': bare });
  assert.equal(all.NextToken, '');
  const prod = [
    { ResourceId: one, ResourceType: 'image', TagKey: 'env', TagValue: 'prod' },
    { ResourceId: one, ResourceType: 'image', TagKey: 'team', TagValue: '' },
  ];
  const dev = [{ ResourceId: two, ResourceType: 'image', TagKey: 'env', TagValue: 'dev' }];
  assert.deepEqual(all.rows, one < two ? [...prod, ...dev] : [...dev, ...prod]);
  assert.deepEqual((await list(k, { 'ResourceId.1': bare })).rows, []);
  assert.deepEqual((await list(k, aTag)).rows, prod);
  assert.equal((await list(k, { 'Tag.1.Key': 'env' })).rows.length, 3);
  assert.deepEqual((await list(k, { 'Tag.1.Key': 'env', 'Tag.2.Key': 'team' })).rows, prod);
  assert.deepEqual((await list(k, { 'Tag.1.Key': 'env', 'ResourceId.1': two })).rows, dev);
  assert.deepEqual((await list(k, { 'Tag.1.Key': 'team', 'ResourceId.1': two })).rows, []);
  assert.deepEqual((await list(k, { ...aTag, ResourceType: 'snapshot' })).rows, []);
  assert.deepEqual((await list(k, { ...aTag, ResourceType: 'instance' })).rows, []);
  const stranger = { as: await k.newAccount() };
  const foreign = await k.call('ListTagResources', { ...images, ...aTag }, stranger);
  assert.deepEqual(foreign.TagResources, { TagResource: [] });
});

test('pages of 50 list every binding once; a token holds for its own query', async (t) => {
  const k = await kindred(t);
  const expected: string[] = [];
  for (let i = 0; i < 6; i += 1) {
    const { imageId } = await k.startImport();
    await k.call('TagResources', {
      ...images,
      'ResourceId.1': imageId,
      ...numbered('Tag', 20, '.Key'),
    });
    expected.push(...Array.from({ length: 20 }, (_, n) => `${imageId} v${10 + n}`));
  }
  const query = { 'Tag.1.Key': 'v10' };
  const found: string[] = [];
  const sizes: number[] = [];
  let NextToken = '';
  do {
    const page = await list(k, { ...query, NextToken });
    found.push(...page.rows.map((row) => `${row.ResourceId} ${row.TagKey}`));
    sizes.push(page.rows.length);
    if (page.NextToken !== '')
      for (const other of [{ 'Tag.1.Key': 'v11' }, { ...query, RegionId: 'cn-beijing' }])
        assert.equal(
          (await k.refused('ListTagResources', { ...images, ...other, NextToken: page.NextToken }))
            .code,
          'Invalid.NextToken',
        );
    NextToken = page.NextToken;
  } while (NextToken !== '');
  assert.deepEqual(sizes, [50, 50, 20]);
  assert.deepEqual(found, expected.toSorted());
});
