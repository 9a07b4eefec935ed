import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeImageFromFamily } from './DescribeImageFromFamily.ts';

testOperation(DescribeImageFromFamily, {
  MissingRegionId: (t) => t.call({ ImageFamily: 'web' }),
  MissingImageFamily: (t) => t.call({ RegionId: 'cn-hangzhou' }),
  'InvalidImageFamily.Malformed': (t) =>
    t.call({ RegionId: 'cn-hangzhou', ImageFamily: '1-starts-with-a-digit' }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageFamily: 'web' }),
});

test('the newest available image of the family is the answer, rollback included', async (t) => {
  const { kindred } = await import('../../testing/harness.ts');
  const k = await kindred(t);
  const older = await k.image({ ImageFamily: 'web' });
  const newer = await k.image({ ImageFamily: 'web' });
  const ask = async () =>
    (await k.call('DescribeImageFromFamily', { RegionId: 'cn-hangzhou', ImageFamily: 'web' })).Image
      .ImageId;
  assert.equal(await ask(), newer.imageId);
  await k.call('ModifyImageAttribute', {
    RegionId: 'cn-hangzhou',
    ImageId: newer.imageId,
    Status: 'Deprecated',
  });
  assert.equal(await ask(), older.imageId);
});
