import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeVerification } from './DescribeVerification.ts';

testOperation(DescribeVerification, {
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({}, { as });
  },
  'InvalidVerificationId.NotFound': (t) => t.call({ VerificationId: 'v-none' }),
});

test('without any it says so; then it tells of the newest, or of the one that is asked for', async (t) => {
  const k = await kindred(t);
  assert.equal((await k.call('DescribeVerification')).Status, 'None');
  const first = await k.call('StartVerification', { RateMib: '10' });
  assert.equal((await k.call('DescribeVerification')).Status, 'Running');
  await k.finishJobs();
  k.clock.advance(2_000);
  const second = await k.call('StartVerification');
  await k.finishJobs();
  const newest = await k.call('DescribeVerification');
  assert.equal(newest.VerificationId, second.VerificationId);
  const { VerificationId } = first;
  const older = await k.call('DescribeVerification', { VerificationId });
  assert.deepEqual([older.VerificationId, older.Status], [VerificationId, 'Finished']);
  assert.ok(older.StartTime < newest.StartTime);
});
