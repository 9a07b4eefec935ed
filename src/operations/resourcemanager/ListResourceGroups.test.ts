import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ListResourceGroups } from './ListResourceGroups.ts';

testOperation(ListResourceGroups, {
  InvalidParameter: (t) => t.call({ Status: 'Gone' }),
});

test('lists the default group first, then the newest; filters combine', async (t) => {
  const k = await kindred(t);
  for (const Name of ['one', 'two'])
    await k.call('CreateResourceGroup', { Name, DisplayName: `Group ${Name}` });
  const names = async (parameters: Record<string, string> = {}) => {
    const listed = await k.call('ListResourceGroups', parameters);
    return [
      listed.TotalCount,
      ...listed.ResourceGroups.ResourceGroup.map(({ Name }: { Name: string }) => Name),
    ];
  };
  assert.deepEqual(await names(), [3, 'default', 'two', 'one']);
  assert.deepEqual(await names({ PageSize: '2', PageNumber: '2' }), [3, 'one']);
  assert.deepEqual(await names({ Name: 'one', Status: 'OK' }), [1, 'one']);
  assert.deepEqual(await names({ DisplayName: 'Group two' }), [1, 'two']);
  assert.deepEqual(await names({ Status: 'PendingDelete' }), [0]);
  assert.deepEqual(await names({ ResourceGroupId: 'rg-bp1gone' }), [0]);
});
