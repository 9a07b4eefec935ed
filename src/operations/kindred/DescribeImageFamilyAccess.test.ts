import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeImageFamilyAccess } from './DescribeImageFamilyAccess.ts';

testOperation(DescribeImageFamilyAccess, {
  MissingRegionId: (t) => t.call({ ImageFamily: 'web' }),
  MissingImageFamily: (t) => t.call({ RegionId: REGION }),
  'InvalidImageFamily.Malformed': (t) => t.call({ RegionId: REGION, ImageFamily: '1' }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageFamily: 'web' }),
});

test('the addresses are told by id, and by the alias once there is one', async (t) => {
  const k = await kindred(t);
  const call = { RegionId: REGION, ImageFamily: '网站:prod' };
  await k.call('CreateFamilyReadToken', call);
  const path = `${REGION}/%E7%BD%91%E7%AB%99%3Aprod`;
  const { RequestId, ...byId } = await k.call('DescribeImageFamilyAccess', call);
  assert.ok(RequestId);
  assert.deepEqual(byId, {
    RegionId: REGION,
    ImageFamily: '网站:prod',
    Access: 'private',
    ReadTokenCount: 1,
    AccountAlias: '',
    LatestPath: `/families/${k.accountId}/${path}/latest`,
    LatestJsonPath: `/families/${k.accountId}/${path}/latest.json`,
    Sha256SumsPath: `/families/${k.accountId}/${path}/SHA256SUMS`,
  });
  await k.call('SetAccountAlias', { AccountAlias: 'shop' });
  const { AccountAlias, LatestPath } = await k.call('DescribeImageFamilyAccess', call);
  assert.deepEqual([AccountAlias, LatestPath], ['shop', `/families/shop/${path}/latest`]);
});
