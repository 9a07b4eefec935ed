import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeImageSharePermission } from './DescribeImageSharePermission.ts';

testOperation(DescribeImageSharePermission, {
  MissingParameter: (t) => t.call({ RegionId: REGION }),
  InvalidParameter: (t) => t.call({ RegionId: REGION, ImageId: 'm-bp1', PageNumber: '0' }),
  'InvalidImageId.NotFound': (t) => t.call({ RegionId: REGION, ImageId: 'm-bp1unknown' }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageId: 'm-bp1' }),
});

test('accounts in the order of sharing, by pages; a published image shows its group', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const call = { RegionId: REGION, ImageId: imageId };
  const { RequestId, ...none } = await k.call('DescribeImageSharePermission', call);
  assert.ok(RequestId);
  assert.deepEqual(none, {
    ImageId: imageId,
    RegionId: REGION,
    TotalCount: 0,
    PageNumber: 1,
    PageSize: 10,
    Accounts: { Account: [] },
    ShareGroups: { ShareGroup: [] },
  });
  const one = await k.newAccount();
  await k.call('ModifyImageSharePermission', { ...call, 'AddAccount.1': one.accountId });
  k.clock.advance(60_000);
  const two = await k.newAccount();
  await k.call('ModifyImageSharePermission', { ...call, 'AddAccount.1': two.accountId });
  await k.call('ModifyImageSharePermission', { ...call, IsPublic: 'true' });
  const page = { ...call, PageSize: '1', PageNumber: '2' };
  const second = await k.call('DescribeImageSharePermission', page);
  assert.deepEqual(second.Accounts.Account, [
    { AliyunId: two.accountId, SharedTime: '2026-11-24T12:01:00Z' },
  ]);
  assert.equal(second.TotalCount, 2);
  assert.deepEqual(second.ShareGroups.ShareGroup, [{ Group: 'all' }]);
});
