import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DeleteImageComponent } from './DeleteImageComponent.ts';

const component = async (k: Harness): Promise<string> => {
  const wanted = { RegionId: REGION, Name: 'nginx', Content: 'RUN true' };
  return (await k.call('CreateImageComponent', wanted)).ImageComponentId;
};

testOperation(DeleteImageComponent, {
  MissingRegionId: (t) => t.call({ ImageComponentId: 'ic-bp1' }),
  MissingImageComponentId: (t) => t.call({ RegionId: REGION }),
  'InvalidImageComponent.InUse': async (t) => {
    const ImageComponentId = await component(t.k);
    await t.k.record('imagepipeline', {
      detail: { components: [{ componentId: ImageComponentId }] },
    });
    return t.call({ RegionId: REGION, ImageComponentId });
  },
  'InvalidImageComponent.NotFound': async (t) => {
    const ImageComponentId = await component(t.k);
    return t.call({ RegionId: REGION, ImageComponentId }, { as: await t.k.newAccount() });
  },
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageComponentId: 'ic-bp1' }),
});

test('a component goes when no pipeline can mean it', async (t) => {
  const k = await kindred(t);
  const ImageComponentId = await component(k);
  const named = { accountId: k.accountId, regionId: REGION, name: 'nginx' };
  const components = [{ ...named, version: '2.*.*' }, { componentId: 'ic-bp1other' }];
  await k.record('imagepipeline', { detail: { components } });
  await k.call('DeleteImageComponent', { RegionId: REGION, ImageComponentId });
  const left = await k.call('DescribeImageComponents', { RegionId: REGION });
  assert.equal(left.TotalCount, 0);
});
