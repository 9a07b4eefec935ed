// The image builder from outside, all nine operations by the newest SDK in V3 and by pop-core: components
// and a pipeline that names one are kept, its execution is refused; a pipeline without commands builds
// from a family, copies, shares with an account that is none, and publishes; an execution is cancelled.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { NEWEST_V3, POP_CORE_GET, type Answer, type Call } from './clients.ts';
import { helper, prepareImage } from './prepare.ts';
import { recorded } from './record.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const FAR = 'cn-beijing';
/** Long enough to cancel in, also on a busy machine. */
const HOLD_SECONDS = 3;
const NOBODY = 1_999_999_999_999_999;

/** What the clients say of a refusal: a code and the words of the API, each in its own way. */
const refusal = async (call: Promise<Answer>): Promise<string> => {
  try {
    await call;
  } catch (error) {
    const { code, data, message } = error as { code: string; data?: Answer; message: string };
    return `${data?.Code ?? code} ${message}`;
  }
  return 'not refused';
};

const components = async (call: Call, run: string): Promise<string> => {
  const wanted = { RegionId: REGION, Name: `web-${run}`, Content: 'RUN yum install -y nginx' };
  const { ImageComponentId } = await call('CreateImageComponent', {
    ...wanted,
    Description: 'nginx & <friends>',
    Tag: [{ Key: 'team', Value: 'web' }],
    ClientToken: `component-${run}`,
  });
  const listed = await call('DescribeImageComponents', {
    RegionId: REGION,
    ImageComponentId: [ImageComponentId],
    MaxResults: 20,
  });
  assert.deepEqual([listed.TotalCount, listed.MaxResults, listed.NextToken ?? ''], [1, 20, '']);
  const [component] = listed.ImageComponent.ImageComponentSet;
  assert.equal(component.Name, wanted.Name);
  assert.equal(component.Content, wanted.Content);
  assert.equal(component.ComponentVersion, '1.0.0');
  assert.deepEqual(component.Tags.Tag, [{ TagKey: 'team', TagValue: 'web' }]);
  assert.deepEqual(component.Parameters.Parameter, []);
  return ImageComponentId;
};

/** Kept with its component, refused when it is to run; the component goes after it. */
const refusedPipeline = async (call: Call, run: string, ImageComponentId: string) => {
  const { ImagePipelineId } = await call('CreateImagePipeline', {
    RegionId: REGION,
    BaseImageType: 'IMAGE_FAMILY',
    BaseImage: `base-${run}`,
    BuildContent: `COMPONENT ${ImageComponentId}`,
    DeleteInstanceOnFailure: false,
  });
  const pipeline = { RegionId: REGION, ImagePipelineId };
  const refused = await refusal(call('StartImagePipelineExecution', pipeline));
  assert.match(refused, /^InvalidParameter\.BuildContent .*machine/s);
  const component = { RegionId: REGION, ImageComponentId };
  const inUse = await refusal(call('DeleteImageComponent', component));
  assert.match(inUse, /^InvalidImageComponent\.InUse /);
  await call('DeleteImagePipeline', pipeline);
  await call('DeleteImageComponent', component);
};

const makePipeline = async (call: Call, run: string): Promise<string> => {
  const { ImagePipelineId } = await call('CreateImagePipeline', {
    RegionId: REGION,
    Name: `pipeline-${run}`,
    BaseImageType: 'IMAGE_FAMILY',
    BaseImage: `base-${run}`,
    ImageOptions: {
      ImageName: `web-${run}`,
      ImageFamily: `web-${run}`,
      Description: 'made by a pipeline',
      ImageTags: [{ Key: 'channel', Value: 'nightly' }],
    },
    SystemDiskSize: 40,
    AddAccount: [NOBODY],
    ToRegionId: [FAR, REGION],
  });
  const listed = await call('DescribeImagePipelines', {
    RegionId: REGION,
    ImagePipelineId: [ImagePipelineId],
  });
  const [pipeline] = listed.ImagePipeline.ImagePipelineSet;
  assert.equal(pipeline.DeleteInstanceOnFailure, true);
  assert.equal(pipeline.SystemDiskSize, 40);
  assert.deepEqual(pipeline.AddAccounts.AddAccount, [String(NOBODY)]);
  assert.deepEqual(pipeline.ToRegionIds.ToRegionId, [FAR, REGION]);
  assert.deepEqual(pipeline.Tags.Tag, []);
  return ImagePipelineId;
};

const start = async (call: Call, ImagePipelineId: string): Promise<string> =>
  (await call('StartImagePipelineExecution', { RegionId: REGION, ImagePipelineId })).ExecutionId;

const look = async (call: Call, ExecutionId: string): Promise<Answer> => {
  const listed = await call('DescribeImagePipelineExecutions', { RegionId: REGION, ExecutionId });
  return listed.ImagePipelineExecution.ImagePipelineExecutionSet[0];
};

const OPEN = ['PREPARING', 'BUILDING', 'DISTRIBUTING'];

const ended = (call: Call, ExecutionId: string): Promise<Answer> =>
  until(async () => {
    const execution = await look(call, ExecutionId);
    return OPEN.includes(execution.Status) ? undefined : execution;
  }, ExecutionId);

const cancel = async (call: Call, ExecutionId: string, isHeld: boolean): Promise<void> => {
  const cancelled = { RegionId: REGION, ExecutionId };
  const refused = await refusal(call('CancelImagePipelineExecution', cancelled));
  // Another server may have built everything by now.
  if (!isHeld && refused.startsWith('InvalidStatus.CancelFailed ')) return;
  assert.equal(refused, 'not refused');
  const execution = await look(call, ExecutionId);
  assert.deepEqual([execution.Status, execution.ImageId ?? ''], ['CANCELLED', '']);
  const again = await refusal(call('CancelImagePipelineExecution', cancelled));
  assert.match(again, /^InvalidStatus\.CancelFailed /);
};

/** The image of the family in a region, as another client finds it. */
const familyImage = async (call: Call, RegionId: string, run: string): Promise<Answer> =>
  (await call('DescribeImageFromFamily', { RegionId, ImageFamily: `web-${run}` })).Image;

test('the image builder', { concurrency: 2 }, async (t) => {
  const server = await conformance(t, { args: ['--pipeline-hold', String(HOLD_SECONDS)] });
  const seed = randomBytes(3).toString('hex');
  const stories = [NEWEST_V3, POP_CORE_GET].map(({ name, id, connect }, i) =>
    t.test(name, async (t) => {
      const run = `${seed}-${i}`;
      const call = connect(id === undefined ? server.target : await recorded(t, server.target, id));
      await refusedPipeline(call, run, await components(call, run));
      await prepareImage(server, `base-${run}`, `base-${run}`);
      const ImagePipelineId = await makePipeline(call, run);
      await cancel(call, await start(call, ImagePipelineId), server.server !== undefined);

      const ExecutionId = await start(call, ImagePipelineId);
      const execution = await ended(call, ExecutionId);
      assert.equal(execution.Status, 'PARTITION_SUCCESS');
      assert.match(execution.Message, /1999999999999999: there is no such account\./);
      assert.equal(execution.ImagePipelineId, ImagePipelineId);
      for (const region of [REGION, FAR]) {
        const image = await familyImage(helper(server), region, run);
        assert.equal(image.ImageName, `web-${run}_${ExecutionId}`);
        assert.deepEqual([image.Size, image.IsCopied], [40, region === FAR]);
        assert.deepEqual(image.Tags.Tag, [{ TagKey: 'channel', TagValue: 'nightly' }]);
        if (region === REGION) assert.equal(image.ImageId, execution.ImageId);
        await helper(server)('DeleteImage', { RegionId: region, ImageId: image.ImageId });
      }
      const page = {
        RegionId: REGION,
        ImagePipelineId,
        Status: 'PARTITION_SUCCESS',
        MaxResults: 1,
      };
      const listed = await call('DescribeImagePipelineExecutions', page);
      assert.ok(listed.TotalCount >= 1);
      await call('DeleteImagePipeline', { RegionId: REGION, ImagePipelineId });
    }),
  );
  await Promise.all(stories);
});
