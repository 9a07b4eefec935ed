import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { DescribeImagePipelines } from './DescribeImagePipelines.ts';

const list = (values: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...values });
const many = (name: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [name.replace('N', `${i + 1}`), 'x']));

testOperation(
  DescribeImagePipelines,
  {
    MissingRegionId: (t) => t.call({}),
    InvalidParameter: list({ MaxResults: '0' }),
    'InvalidTag.Mismatch': list({ 'Tag.1.Value': 'web' }),
    InvalidTagCount: list(many('Tag.N.Key', 21)),
    'InvalidName.Malformed': list({ Name: '1st' }),
    'InvalidImagePipelineIdSize.ExceededMaxNumber': list(many('ImagePipelineId.N', 21)),
    'Invalid.NextToken': list({ NextToken: 'x' }),
    'InvalidRegionId.NotFound': list({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('pipelines are filtered, and paged without repeating one', async (t) => {
  const k = await kindred(t);
  const { ResourceGroup } = await k.call('CreateResourceGroup', {
    Name: 'web',
    DisplayName: 'Web',
  });
  const group = ResourceGroup.Id;
  const make = async (values: Parameters): Promise<string> => {
    const pipeline = { RegionId: REGION, BaseImageType: 'IMAGE_FAMILY', BaseImage: 'base' };
    return (await k.call('CreateImagePipeline', { ...pipeline, ...values })).ImagePipelineId;
  };
  const web = await make({ Name: 'web', ResourceGroupId: group, 'Tag.1.Key': 'team' });
  const [second, third] = [await make({ Name: 'web' }), await make({})];
  const answer = (values: Parameters) =>
    k.call('DescribeImagePipelines', { RegionId: REGION, ...values });
  const ids = async (values: Parameters): Promise<string[]> =>
    (await answer(values)).ImagePipeline.ImagePipelineSet.map(
      (pipeline: { ImagePipelineId: string }) => pipeline.ImagePipelineId,
    );
  assert.deepEqual(await ids({}), [third, second, web]);
  assert.deepEqual(await ids({ Name: 'web' }), [second, web]);
  assert.deepEqual(await ids({ 'ImagePipelineId.1': second, MaxResults: '20' }), [second]);
  assert.deepEqual(await ids({ ResourceGroupId: group, 'Tag.1.Key': 'team' }), [web]);
  const first = await answer({ MaxResults: '2' });
  const last = await answer({ MaxResults: '2', NextToken: first.NextToken });
  assert.deepEqual([first.TotalCount, last.TotalCount, last.NextToken], [3, 3, '']);
  assert.equal(last.ImagePipeline.ImagePipelineSet[0].ImagePipelineId, web);
  // An exact page is the last one.
  assert.equal((await answer({ MaxResults: '3' })).NextToken, '');
  const stranger = await k.newAccount();
  const theirs = await k.call('DescribeImagePipelines', { RegionId: REGION }, { as: stranger });
  assert.deepEqual([theirs.TotalCount, theirs.ImagePipeline.ImagePipelineSet], [0, []]);
});
