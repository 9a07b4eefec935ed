import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DeleteImagePipeline } from './DeleteImagePipeline.ts';

const pipeline = async (k: Harness): Promise<string> => {
  const wanted = { RegionId: REGION, BaseImageType: 'IMAGE_FAMILY', BaseImage: 'base' };
  return (await k.call('CreateImagePipeline', wanted)).ImagePipelineId;
};

testOperation(DeleteImagePipeline, {
  MissingRegionId: (t) => t.call({ ImagePipelineId: 'ip-bp1' }),
  MissingImagePipelineId: (t) => t.call({ RegionId: REGION }),
  'InvalidImagePipeline.HasRunningExecution': async (t) => {
    const ImagePipelineId = await pipeline(t.k);
    const execution = { parentId: ImagePipelineId, status: 'BUILDING' };
    await t.k.record('imagepipelineexecution', execution);
    return t.call({ RegionId: REGION, ImagePipelineId });
  },
  'InvalidImagePipeline.NotFound': async (t) => {
    const ImagePipelineId = await pipeline(t.k);
    return t.call({ RegionId: REGION, ImagePipelineId }, { as: await t.k.newAccount() });
  },
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImagePipelineId: 'ip-bp1' }),
});

test('a pipeline goes with the records of its executions, and with no others', async (t) => {
  const k = await kindred(t);
  const [ImagePipelineId, other] = [await pipeline(k), await pipeline(k)];
  for (const [parentId, status] of [
    [ImagePipelineId, 'SUCCESS'],
    [ImagePipelineId, 'CANCELLED'],
    [other, 'SUCCESS'],
  ] as const)
    await k.record('imagepipelineexecution', { parentId, status });
  await k.call('DeleteImagePipeline', { RegionId: REGION, ImagePipelineId });
  const left = await k.store.read((tx) =>
    tx.resources(
      k.scope,
      { resourceType: 'imagepipelineexecution' },
      { limit: 9, offset: 0 },
      k.clock.wallMs(),
    ),
  );
  assert.deepEqual(
    left.rows.map(({ parentId }) => parentId),
    [other],
  );
  const listed = await k.call('DescribeImagePipelines', { RegionId: REGION });
  assert.equal(listed.ImagePipeline.ImagePipelineSet[0].ImagePipelineId, other);
});
