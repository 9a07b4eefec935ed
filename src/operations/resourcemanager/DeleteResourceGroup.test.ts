import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DeleteResourceGroup } from './DeleteResourceGroup.ts';

const aGroup = { Name: 'golden-images', DisplayName: 'Golden images' };

testOperation(DeleteResourceGroup, {
  MissingParameter: (t) => t.call({}),
  'EntityNotExist.ResourceGroup': (t) => t.call({ ResourceGroupId: 'rg-bp1f9oz2v1n0z9s2aaaa' }),
  'DeleteConflict.ResourceGroup.Resource': async (t) => {
    const { ResourceGroup } = await t.k.call('CreateResourceGroup', aGroup);
    await t.k.image({ ResourceGroupId: ResourceGroup.Id });
    return t.call({ ResourceGroupId: ResourceGroup.Id });
  },
});

test('an empty group goes at once, and its name is free again', async (t) => {
  const k = await kindred(t);
  const { ResourceGroup } = await k.call('CreateResourceGroup', aGroup);
  const one = { ResourceGroupId: ResourceGroup.Id };
  const { imageId } = await k.image(one);
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  await k.call('DeleteResourceGroup', one);
  assert.equal((await k.refused('DeleteResourceGroup', one)).code, 'EntityNotExist.ResourceGroup');
  await k.call('CreateResourceGroup', aGroup);
});
