import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeRole } from '../../testing/ram.ts';
import { UntagResources } from './UntagResources.ts';

testOperation(
  UntagResources,
  {
    MissingParameter: (t) => t.call({ ResourceType: 'role' }),
    InvalidParameter: (t) =>
      t.call({ ResourceType: 'role', ResourceNames: 'no json', 'TagKeys.1': 'k' }),
    'InvalidParameter.ResourceType': (t) =>
      t.call({ ResourceType: 'user', 'ResourceNames.1': 'ann' }),
    'EntityNotExist.Role': (t) =>
      t.call({ ResourceType: 'role', 'ResourceNames.1': 'nobody', 'TagKeys.1': 'k' }),
    'EntityNotExist.Policy': (t) =>
      t.call({ ResourceType: 'policy', 'ResourceNames.1': 'nothing', 'TagKeys.1': 'k' }),
    'InvalidParameter.Tag': (t) =>
      t.call({ ResourceType: 'role', 'ResourceNames.1': 'reader', 'TagKeys.1': 'x'.repeat(129) }),
  },
  { isShared: true },
);

test('only the keys that are named go, or all', async (t) => {
  const k = await kindred(t);
  await makeRole(k);
  const one = { ResourceType: 'role', 'ResourceNames.1': 'reader' };
  const tags = { 'Tag.1.Key': 'a', 'Tag.2.Key': 'b', 'Tag.3.Key': 'c' };
  const keys = async () =>
    (await k.call('RamListTagResources', one)).TagResources.map(
      (row: { TagKey: string }) => row.TagKey,
    );
  await k.call('RamTagResources', { ...one, ...tags });
  await k.call('RamUntagResources', { ...one, 'TagKey.1': 'a', TagKeys: '["a"]' });
  assert.deepEqual(await keys(), ['b', 'c']);
  assert.equal((await k.refused('RamUntagResources', one)).code, 'MissingParameter');
  await k.call('RamUntagResources', { ...one, All: 'true' });
  assert.deepEqual(await keys(), []);
});
