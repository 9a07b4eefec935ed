import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeAuditKeys } from './DescribeAuditKeys.ts';

testOperation(DescribeAuditKeys, {
  NoPermission: async (t) => t.call({}, { as: await t.k.newAccount() }),
});

test('the first record of the trail names the key that signs its checkpoints', async (t) => {
  const k = await kindred(t);
  const { Keys } = await k.call('DescribeAuditKeys');
  const [first] = await k.store.read((tx) => tx.auditRecordsAfter(0, 1));
  const { additionalEventData } = JSON.parse(first!.record);
  assert.equal(Keys.Key.length, 1);
  assert.deepEqual(Keys.Key[0], {
    Incarnation: 1,
    PublicKey: additionalEventData.publicKey,
    CreationTime: '2026-11-24T12:00:00Z',
  });
});
