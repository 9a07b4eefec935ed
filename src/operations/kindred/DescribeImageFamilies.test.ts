import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeImageFamilies } from './DescribeImageFamilies.ts';

testOperation(DescribeImageFamilies, {
  MissingRegionId: (t) => t.call({}),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
});

test('each family with its head, and since when', async (t) => {
  const k = await kindred(t);
  const older = await k.image({ ImageFamily: 'web', ImageName: 'web-1' });
  k.clock.advance(60_000);
  const newer = await k.image({ ImageFamily: 'web', ImageName: 'web-2' });
  k.clock.advance(60_000);
  const { imageId: only } = await k.image({ ImageFamily: 'database' });
  const status = (ImageId: string) =>
    k.call('ModifyImageAttribute', { RegionId: REGION, ImageId, Status: 'Deprecated' });
  await status(newer.imageId);
  await status(only);
  const answer = await k.call('DescribeImageFamilies', { RegionId: REGION });
  assert.equal(answer.TotalCount, 2);
  const families = Object.fromEntries(
    answer.ImageFamilies.ImageFamily.map((family: { ImageFamily: string }) => [
      family.ImageFamily,
      family,
    ]),
  );
  assert.deepEqual(families.web, {
    ImageFamily: 'web',
    RegionId: REGION,
    ImageCount: 2,
    HeadImageId: older.imageId,
    HeadImageName: 'web-1',
    HeadSince: '2026-11-24T12:02:00Z',
  });
  assert.deepEqual(families.database, {
    ImageFamily: 'database',
    RegionId: REGION,
    ImageCount: 1,
    HeadImageId: '',
    HeadImageName: '',
    HeadSince: '2026-11-24T12:02:00Z',
  });
});

test('families are paged', async (t) => {
  const k = await kindred(t);
  for (const ImageFamily of ['aa', 'bb', 'cc']) await k.image({ ImageFamily });
  const names: string[] = [];
  for (const PageNumber of ['1', '2', '3']) {
    const page = { RegionId: REGION, PageNumber, PageSize: '2' };
    const answer = await k.call('DescribeImageFamilies', page);
    assert.equal(answer.TotalCount, 3);
    names.push(
      ...answer.ImageFamilies.ImageFamily.map((f: { ImageFamily: string }) => f.ImageFamily),
    );
  }
  assert.deepEqual(names.toSorted(), ['aa', 'bb', 'cc']);
});
