import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeRole } from '../../testing/ram.ts';
import { ListRoles } from './ListRoles.ts';

testOperation(
  ListRoles,
  {
    InvalidParameter: (t) => t.call({ Marker: 'x'.repeat(257) }),
    'InvalidParameter.MaxItems': (t) => t.call({ MaxItems: 'many' }),
    'InvalidParameter.Tag': (t) => t.call({ 'Tag.1.Value': 'v' }),
  },
  { isShared: true },
);

test('pages in order of names, filtered by tags', async (t) => {
  const k = await kindred(t);
  for (const name of ['b', 'c', 'a']) await makeRole(k, name);
  await k.call('RamTagResources', {
    ResourceType: 'role',
    ResourceNames: '["b"]',
    Tag: '[{"Key":"team","Value":"images"}]',
  });
  const names = async (parameters: Record<string, string>) => {
    const { Roles, IsTruncated, Marker } = await k.call('ListRoles', parameters);
    return [Roles.Role.map((role: { RoleName: string }) => role.RoleName), IsTruncated, Marker];
  };
  assert.deepEqual(await names({ MaxItems: '2' }), [['a', 'b'], true, 'b']);
  assert.deepEqual(await names({ Marker: 'b' }), [['c'], false, undefined]);
  assert.deepEqual(await names({ 'Tag.1.Key': 'team' }), [['b'], false, undefined]);
});
