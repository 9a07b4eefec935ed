import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CancelImagePipelineExecution } from './CancelImagePipelineExecution.ts';

const start = async (k: Harness) => {
  await k.image({ ImageFamily: 'base' });
  const base = { BaseImageType: 'IMAGE_FAMILY', BaseImage: 'base', ImageFamily: 'built' };
  const { ImagePipelineId } = await k.call('CreateImagePipeline', { RegionId: REGION, ...base });
  const call = { RegionId: REGION, ImagePipelineId };
  const { ExecutionId } = await k.call('StartImagePipelineExecution', call);
  return { ImagePipelineId, ExecutionId };
};

testOperation(CancelImagePipelineExecution, {
  MissingRegionId: (t) => t.call({ ExecutionId: 'exec-bp1' }),
  MissingExecutionId: (t) => t.call({ RegionId: REGION }),
  'InvalidStatus.CancelFailed': async (t) => {
    const { ExecutionId } = await start(t.k);
    await t.k.finishJobs();
    return t.call({ RegionId: REGION, ExecutionId });
  },
  'InvalidImagePipelineExecution.NotFound': async (t) => {
    const { ExecutionId } = await start(t.k);
    return t.call({ RegionId: REGION, ExecutionId }, { as: await t.k.newAccount() });
  },
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ExecutionId: 'exec-bp1' }),
});

test('a cancelled execution makes nothing, and its pipeline can be started or deleted', async (t) => {
  const k = await kindred(t);
  const { ImagePipelineId, ExecutionId } = await start(k);
  const used = { RegionId: REGION, ImagePipelineId };
  const refused = await k.refused('DeleteImagePipeline', used);
  assert.equal(refused.code, 'InvalidImagePipeline.HasRunningExecution');
  await k.call('CancelImagePipelineExecution', { RegionId: REGION, ExecutionId });
  const again = await k.refused('CancelImagePipelineExecution', { RegionId: REGION, ExecutionId });
  assert.equal(again.code, 'InvalidStatus.CancelFailed');
  await k.finishJobs();
  const listed = await k.call('DescribeImagePipelineExecutions', { RegionId: REGION, ExecutionId });
  const [execution] = listed.ImagePipelineExecution.ImagePipelineExecutionSet;
  assert.deepEqual(
    [execution.Status, execution.ImageId, execution.ErrorCode],
    ['CANCELLED', '', ''],
  );
  assert.match(execution.Message, /^Cancelled/);
  const built = { RegionId: REGION, ImageFamily: 'built', Status: 'ALL' };
  assert.equal((await k.call('DescribeImages', built)).TotalCount, 0);
  assert.deepEqual(await k.store.read((tx) => tx.openJobs(10)), []);
  await k.call('StartImagePipelineExecution', used);
  await k.finishJobs();
  await k.call('DeleteImagePipeline', used);
  assert.equal((await k.call('DescribeImages', built)).TotalCount, 1, 'the image went along');
});
