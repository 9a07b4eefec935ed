import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { GetResourceGroup } from './GetResourceGroup.ts';

testOperation(GetResourceGroup, {
  MissingParameter: (t) => t.call({}),
  'EntityNotExist.ResourceGroup': (t) => t.call({ ResourceGroupId: 'rg-bp1f9oz2v1n0z9s2aaaa' }),
});

test('the default group is one of each account', async (t) => {
  const k = await kindred(t);
  const stranger = await k.newAccount();
  const defaultOf = async (as = k.rootKey) =>
    (await k.call('ListResourceGroups', {}, { as })).ResourceGroups.ResourceGroup[0];
  const own = await defaultOf();
  const theirs = await defaultOf(stranger);
  assert.notEqual(own.Id, theirs.Id);
  const found = await k.call('GetResourceGroup', { ResourceGroupId: own.Id });
  assert.deepEqual(found.ResourceGroup, own);
  await k.refused('GetResourceGroup', { ResourceGroupId: theirs.Id });
});
