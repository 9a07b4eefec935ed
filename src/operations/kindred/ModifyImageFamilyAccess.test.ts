import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ModifyImageFamilyAccess } from './ModifyImageFamilyAccess.ts';

const family = { RegionId: REGION, ImageFamily: 'web' };
const open = { ...family, Access: 'public-read' };

testOperation(ModifyImageFamilyAccess, {
  MissingRegionId: (t) => t.call({ ImageFamily: 'web', Access: 'private' }),
  MissingImageFamily: (t) => t.call({ RegionId: REGION, Access: 'private' }),
  MissingParameter: (t) => t.call(family),
  InvalidParameter: (t) => t.call({ ...family, Access: 'public' }),
  'InvalidImageFamily.Malformed': (t) => t.call({ ...open, ImageFamily: 'acs:web' }),
  'InvalidRegionId.NotFound': (t) => t.call({ ...open, RegionId: 'cn-nowhere' }),
});

test('access is of one family of one account in one region, and can be taken back', async (t) => {
  const k = await kindred(t);
  const other = await k.newAccount();
  await k.call('ModifyImageFamilyAccess', open);
  await k.call('ModifyImageFamilyAccess', open);
  const access = async (parameters: Record<string, string> = {}, as = k.rootKey) =>
    (await k.call('DescribeImageFamilyAccess', { ...family, ...parameters }, { as })).Access;
  assert.equal(await access(), 'public-read');
  assert.equal(await access({ ImageFamily: 'db' }), 'private');
  assert.equal(await access({ RegionId: 'cn-beijing' }), 'private');
  assert.equal(await access({}, other), 'private');
  await k.call('ModifyImageFamilyAccess', { ...family, Access: 'private' });
  assert.equal(await access(), 'private');
});
