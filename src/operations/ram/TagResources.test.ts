import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeRole } from '../../testing/ram.ts';
import { TagResources } from './TagResources.ts';

testOperation(
  TagResources,
  {
    MissingParameter: (t) => t.call({ ResourceType: 'role' }),
    InvalidParameter: (t) =>
      t.call({ ResourceType: 'role', ResourceNames: 'no json', 'Tag.1.Key': 'k' }),
    'InvalidParameter.ResourceType': (t) =>
      t.call({ ResourceType: 'user', 'ResourceNames.1': 'ann', 'Tag.1.Key': 'k' }),
    'EntityNotExist.Role': (t) =>
      t.call({ ResourceType: 'role', 'ResourceNames.1': 'nobody', 'Tag.1.Key': 'k' }),
    'EntityNotExist.Policy': (t) =>
      t.call({ ResourceType: 'policy', 'ResourceNames.1': 'nothing', 'Tag.1.Key': 'k' }),
    'InvalidParameter.Tag': async (t) => {
      await makeRole(t.k);
      return t.call({
        ResourceType: 'role',
        'ResourceNames.1': 'reader',
        'Tag.1.Key': 'k',
        'Tag.2.Key': 'k',
      });
    },
  },
  { isShared: true },
);

test('tags are set on every resource that is named, and a key gets the new value', async (t) => {
  const k = await kindred(t);
  for (const name of ['a', 'b']) await makeRole(k, name);
  const both = { ResourceType: 'role', ResourceNames: '["a","b"]' };
  await k.call('RamTagResources', { ...both, 'Tag.1.Key': 'team', 'Tag.1.Value': 'x' });
  await k.call('RamTagResources', { ...both, 'Tag.1.Key': 'team', 'Tag.1.Value': 'y' });
  const { TagResources } = await k.call('RamListTagResources', both);
  assert.deepEqual(
    TagResources.map((row: Record<string, string>) => [
      row.ResourceName,
      row.TagKey,
      row.TagValue,
    ]).toSorted(),
    [
      ['a', 'team', 'y'],
      ['b', 'team', 'y'],
    ],
  );
});
