import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { DescribeImagePipelineExecutions } from './DescribeImagePipelineExecutions.ts';

const list = (values: Parameters) => (t: Case) =>
  t.call({ RegionId: REGION, ExecutionId: 'exec-bp1', ...values });
const many = (name: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [name.replace('N', `${i + 1}`), 'x']));

testOperation(
  DescribeImagePipelineExecutions,
  {
    MissingRegionId: (t) => t.call({}),
    InvalidParameter: list({ MaxResults: '0' }),
    'InvalidTag.Mismatch': list({ 'Tag.1.Value': 'web' }),
    InvalidTagCount: list(many('Tag.N.Key', 21)),
    'InvalidParameter.Status': list({ Status: 'SUCCESS,DONE' }),
    'MissingParameter.ImagePipelineId': (t) => t.call({ RegionId: REGION }),
    'Invalid.NextToken': list({ NextToken: 'x' }),
    'InvalidImagePipeline.NotFound': list({ ImagePipelineId: 'ip-bp1' }),
    'InvalidRegionId.NotFound': list({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('executions of one pipeline are listed by status and tag, page by page', async (t) => {
  const k = await kindred(t);
  await k.image({ ImageFamily: 'base' });
  const wanted = { RegionId: REGION, BaseImageType: 'IMAGE_FAMILY', BaseImage: 'base' };
  const ids: string[] = [];
  const { ImagePipelineId } = await k.call('CreateImagePipeline', wanted);
  const other = await k.call('CreateImagePipeline', wanted);
  for (const call of [
    { ImagePipelineId, 'Tag.1.Key': 'run' },
    { ImagePipelineId: other.ImagePipelineId },
    { ImagePipelineId },
  ]) {
    const started = await k.call('StartImagePipelineExecution', { RegionId: REGION, ...call });
    ids.push(started.ExecutionId);
    if (ids.length < 3) await k.finishJobs();
  }
  const [first, foreign, open] = ids;
  const answer = (values: Parameters) =>
    k.call('DescribeImagePipelineExecutions', { RegionId: REGION, ...values });
  const listed = async (values: Parameters): Promise<string[]> =>
    (await answer(values)).ImagePipelineExecution.ImagePipelineExecutionSet.map(
      (execution: { ExecutionId: string }) => execution.ExecutionId,
    );
  assert.deepEqual(await listed({ ImagePipelineId }), [open, first]);
  assert.deepEqual(await listed({ ImagePipelineId, Status: 'PREPARING, BUILDING' }), [open]);
  assert.deepEqual(await listed({ ImagePipelineId, 'Tag.1.Key': 'run' }), [first]);
  assert.deepEqual(await listed({ ExecutionId: foreign! }), [foreign]);
  assert.deepEqual(await listed({ ImagePipelineId, ExecutionId: foreign! }), []);
  assert.deepEqual(await listed({ ExecutionId: 'exec-bp1' }), []);
  const page = await answer({ ImagePipelineId, MaxResults: '1' });
  assert.equal(page.TotalCount, 2);
  const { NextToken } = page;
  assert.deepEqual(await listed({ ImagePipelineId, MaxResults: '1', NextToken }), [first]);
});
