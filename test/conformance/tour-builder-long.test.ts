// Through the image builder with the current Go SDK: a component, and a pipeline that takes the newest
// image of one family, copies it to another region, and puts all into another family.
import assert from 'node:assert/strict';
import type { Answer, Call } from './clients.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { tour, type Tour } from './tour.ts';

const FAR = 'cn-beijing';

const components = async ({ call, name }: Tour): Promise<void> => {
  const Content = 'RUN yum install -y nginx';
  const { ImageComponentId } = await call('CreateImageComponent', {
    RegionId: REGION,
    Name: name,
    Content,
    Description: '组件',
  });
  const found = { RegionId: REGION, ImageComponentId: [ImageComponentId] };
  const listed = async (): Promise<Answer[]> =>
    (await call('DescribeImageComponents', found)).ImageComponent.ImageComponentSet;
  const [component] = await listed();
  assert.deepEqual(
    [component.Name, component.Content, component.Description],
    [name, Content, '组件'],
  );
  await call('DeleteImageComponent', { RegionId: REGION, ImageComponentId });
  assert.deepEqual(await listed(), []);
};

const newest = async (call: Call, RegionId: string, ImageFamily: string): Promise<Answer> =>
  (await call('DescribeImageFromFamily', { RegionId, ImageFamily })).Image;

const execute = async (call: Call, ImagePipelineId: string): Promise<void> => {
  const where = { RegionId: REGION, ImagePipelineId };
  const { ExecutionId } = await call('StartImagePipelineExecution', where);
  const ended = await until(async () => {
    const seen = await call('DescribeImagePipelineExecutions', { RegionId: REGION, ExecutionId });
    const [execution] = seen.ImagePipelineExecution.ImagePipelineExecutionSet;
    return ['SUCCESS', 'FAILED'].includes(execution.Status) ? execution : undefined;
  }, ExecutionId);
  assert.equal(ended.Status, 'SUCCESS', ended.Message);
};

tour('a tour of the image builder', async (here) => {
  const { call, name, source } = here;
  await components(here);
  const into = `${name}.built`;
  const { ImagePipelineId } = await call('CreateImagePipeline', {
    RegionId: REGION,
    Name: name,
    BaseImageType: 'IMAGE_FAMILY',
    BaseImage: name,
    ImageOptions: { ImageName: `${name}-built`, ImageFamily: into },
    ToRegionId: [REGION, FAR],
  });
  const pipelines = { RegionId: REGION, ImagePipelineId: [ImagePipelineId] };
  const { ImagePipeline } = await call('DescribeImagePipelines', pipelines);
  const [pipeline] = ImagePipeline.ImagePipelineSet;
  assert.deepEqual([pipeline.Name, pipeline.BaseImage], [name, name]);
  assert.deepEqual(pipeline.ToRegionIds.ToRegionId.toSorted(), [FAR, REGION]);
  await execute(call, ImagePipelineId);
  for (const RegionId of [REGION, FAR]) {
    const { ImageId } = await newest(call, RegionId, into);
    assert.match(ImageId, /^m-/);
    await call('DeleteImage', { RegionId, ImageId });
  }
  await call('DeleteImagePipeline', { RegionId: REGION, ImagePipelineId });
  await call('DeleteImage', { RegionId: REGION, ImageId: source.imageId });
});
