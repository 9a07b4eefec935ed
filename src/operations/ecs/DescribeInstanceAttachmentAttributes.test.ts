import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { runInstances, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DescribeInstanceAttachmentAttributes } from './DescribeInstanceAttachmentAttributes.ts';

testOperation(
  DescribeInstanceAttachmentAttributes,
  {
    MissingRegionId: (t) => t.call({ InstanceIds: '["i-a"]' }),
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: (t) => t.call({ RegionId: REGION, InstanceIds: 'i-a' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', InstanceIds: '["i-a"]' }),
  },
  { isShared: true },
);

test('the instances that are named use no reserved capacity, in pages', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const [a = '', b = ''] = await runInstances(k, { Amount: '3' });
  const ask = (ids: readonly string[], more: Record<string, string> = {}) =>
    k.call('DescribeInstanceAttachmentAttributes', {
      RegionId: REGION,
      InstanceIds: JSON.stringify(ids),
      ...more,
    });
  const shown = (InstanceId: string) => {
    return { InstanceId, PrivatePoolOptionsId: '', PrivatePoolOptionsMatchCriteria: 'None' };
  };
  const both = await ask([a, b]);
  assert.deepEqual(both.Instances.Instance, [shown(b), shown(a)]);
  assert.equal(both.TotalCount, 2);
  const second = await ask([a, b], { PageNumber: '2', PageSize: '1' });
  assert.deepEqual(second.Instances.Instance, [shown(a)]);
  assert.deepEqual([second.TotalCount, second.PageNumber, second.PageSize], [2, 2, 1]);
  assert.deepEqual((await ask(['i-none'])).Instances.Instance, []);
  const { code } = await k.refused('DescribeInstanceAttachmentAttributes', {
    RegionId: REGION,
    InstanceIds: '[]',
  });
  assert.equal(code, 'InvalidParameter');
  const other = await k.newAccount();
  const theirs = await k.call(
    'DescribeInstanceAttachmentAttributes',
    { RegionId: REGION, InstanceIds: JSON.stringify([a]) },
    { as: other },
  );
  assert.deepEqual(theirs.Instances.Instance, [], 'nobody sees the instances of others');
});
