import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup } from '../../testing/ram.ts';
import { ListGroups } from './ListGroups.ts';

testOperation(
  ListGroups,
  {
    InvalidParameter: (t) => t.call({ Marker: 'x'.repeat(257) }),
    'InvalidParameter.MaxItems': (t) => t.call({ MaxItems: '1001' }),
  },
  { isShared: true },
);

test('pages in order of names, of the own account alone', async (t) => {
  const k = await kindred(t);
  for (const name of ['b', 'a', 'c']) await makeGroup(k, name);
  await makeGroup(k, 'd', { as: await k.newAccount() });
  const names = async (parameters: Record<string, string>) => {
    const { Groups, IsTruncated, Marker } = await k.call('ListGroups', parameters);
    return [Groups.Group.map((one: { GroupName: string }) => one.GroupName), IsTruncated, Marker];
  };
  assert.deepEqual(await names({}), [['a', 'b', 'c'], false, undefined]);
  assert.deepEqual(await names({ MaxItems: '2' }), [['a', 'b'], true, 'b']);
  assert.deepEqual(await names({ MaxItems: '2', Marker: 'b' }), [['c'], false, undefined]);
});
