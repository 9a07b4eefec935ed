import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makePolicy, makeRole } from '../../testing/ram.ts';
import { ListTagResources } from './ListTagResources.ts';

testOperation(
  ListTagResources,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: (t) => t.call({ ResourceType: 'role', NextToken: 'next' }),
    'InvalidParameter.ResourceType': (t) => t.call({ ResourceType: 'user' }),
    'InvalidParameter.Tag': (t) => t.call({ ResourceType: 'role', 'Tag.1.Value': 'v' }),
  },
  { isShared: true },
);

test('roles and policies of a name have tags of their own; what has none is absent', async (t) => {
  const k = await kindred(t);
  await makeRole(k, 'same');
  await makePolicy(k, 'same');
  const names = { 'ResourceNames.1': 'same', 'ResourceNames.2': 'nothing' };
  await k.call('RamTagResources', {
    ResourceType: 'role',
    'ResourceNames.1': 'same',
    'Tag.1.Key': 'a',
    'Tag.2.Key': 'b',
    'Tag.2.Value': 'v',
  });
  const { TagResources } = await k.call('RamListTagResources', {
    ResourceType: 'policy',
    ...names,
  });
  assert.deepEqual(TagResources, []);
  const first = await k.call('RamListTagResources', {
    ResourceType: 'role',
    ...names,
    PageSize: '1',
  });
  const { NextToken } = first;
  const second = await k.call('RamListTagResources', { ResourceType: 'role', NextToken });
  assert.deepEqual(
    [...first.TagResources, ...second.TagResources],
    [
      { ResourceType: 'role', ResourceName: 'same', TagKey: 'a', TagValue: '' },
      { ResourceType: 'role', ResourceName: 'same', TagKey: 'b', TagValue: 'v' },
    ],
  );
  assert.equal(second.NextToken, undefined);
  for (const [Value, found] of [
    ['v', 2],
    ['w', 0],
  ] as const) {
    const tag = { 'Tag.1.Key': 'b', 'Tag.1.Value': Value };
    const { TagResources: fitting } = await k.call('RamListTagResources', {
      ResourceType: 'role',
      ...tag,
    });
    assert.equal(fitting.length, found);
  }
});
