import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_RESOURCE_GROUPS } from '../../domain/resource-group.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CreateResourceGroup } from './CreateResourceGroup.ts';

const aGroup = { Name: 'golden-images', DisplayName: 'Golden images' };

testOperation(CreateResourceGroup, {
  MissingParameter: (t) => t.call({ Name: 'golden-images' }),
  'InvalidParameter.ResourceGroup.Name': (t) => t.call({ ...aGroup, Name: '1st' }),
  'InvalidParameter.ResourceGroup.DisplayName': (t) =>
    t.call({ ...aGroup, DisplayName: 'x'.repeat(51) }),
  'LimitExceeded.ResourceGroup': async (t) => {
    for (let i = 0; i < MAX_RESOURCE_GROUPS; i += 1)
      await t.k.record('resourcegroup', { regionId: 'global' as never });
    return t.call(aGroup);
  },
  'EntityAlreadyExists.ResourceGroup': async (t) => {
    await t.k.call('CreateResourceGroup', aGroup);
    return t.call(aGroup);
  },
});

test('a group is there at once, for its account alone', async (t) => {
  const k = await kindred(t);
  const { ResourceGroup } = await k.call('CreateResourceGroup', aGroup);
  assert.match(ResourceGroup.Id, /^rg-[0-9a-z]{20}$/);
  const one = { ResourceGroupId: ResourceGroup.Id };
  assert.deepEqual((await k.call('GetResourceGroup', one)).ResourceGroup, ResourceGroup);
  const stranger = await k.newAccount();
  await k.call('CreateResourceGroup', aGroup, { as: stranger });
  assert.equal(
    (await k.refused('GetResourceGroup', one, { as: stranger })).code,
    'EntityNotExist.ResourceGroup',
  );
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});
