import { NO_BYTES } from '../../domain/bytes.ts';
import { findBase } from '../../domain/build-images.ts';
import { acceptExecution, hasOpenExecution } from '../../domain/image-pipeline-execution.ts';
import { asImagePipeline } from '../../domain/image-pipeline.ts';
import type { RegionId } from '../../domain/ids.ts';
import { list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { because } from './shared/because.ts';
import { requireCreationTags } from './shared/creation-tags.ts';
import { clientToken, ECS_VERSION, owners, regionId, tagList } from './shared/parameters.ts';
import { needsMachine } from './shared/pipeline-content.ts';

const NO_MACHINE = 'has commands, which need a running machine; none is started here.';

export const StartImagePipelineExecution = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'StartImagePipelineExecution',
  kind: 'task',
  docs: {
    summary:
      'Makes images as a pipeline says: of the base image, for regions, accounts and a family.',
    notes:
      'No machine is started here: a pipeline with commands to build or test with is refused. The image has the bytes of the base image as it is when the execution begins; it is copied to the regions of the pipeline, and when all copies have ended, all images are shared and join the family in one moment. `--pipeline-hold` lets an execution wait before it begins.',
  },
  input: object({
    RegionId: regionId(),
    ImagePipelineId: string({ maxLength: 128, invalid: 'InvalidImagePipeline.NotFound' }),
    Tag: tagList('QuotaExceed.Tags'),
    TemplateTag: optional(
      list(object({ Key: optional(string()), Value: optional(string()) }), {
        withoutEffect: 'The vendor has retired it.',
        maxItems: 20,
      }),
    ),
    ClientToken: clientToken(),
    ...owners,
  }),
  output: object({ ExecutionId: string() }),
  errors: {
    MissingRegionId: 400,
    MissingImagePipelineId: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    'InvalidParameter.BuildContent': 400,
    'InvalidParameter.TestContent': 400,
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'InvalidImagePipeline.HasRunningExecution': 403,
    'QuotaExceed.Tags': 403,
    'InvalidImagePipeline.NotFound': 404,
    'InvalidImagePipeline.BaseImageNotFound': 404,
    'InvalidImage.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {
    ...because('A content that names a component is refused with the code of its parameter.', [
      '400 InvalidImage.OsTypeUnsupported',
      '400 InvalidImageComponent.NotSupported',
      '404 ImageComponent.NotFound',
    ]),
    ...because('No pipeline of the base image type OSS exists here.', [
      '403 InvalidImagePipeline.OSSObjectNeedRestore',
      '403 InvalidImagePipeline.OSSObjectNotAuthorized',
      '403 InvalidOperation.NoRightAccessOSS',
      '404 InvalidImagePipeline.OSSObjectNotFound',
    ]),
    ...because('No machine is started, so that its type and vSwitch do not matter any more.', [
      '404 InvalidInstanceType.NotFound',
      '404 InvalidVSwitchId.NotFound',
    ]),
    '500 StartImagePipelineExecution.Failed':
      'To start is to write rows: it fails as any write does.',
  },
  access: {
    action: 'ecs:StartImagePipelineExecution',
    resource: ({ ImagePipelineId }) => `imagepipeline/${ImagePipelineId}`,
  },
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  example: {
    request: { RegionId: 'cn-hangzhou', ImagePipelineId: 'ip-bp15tsl5bp6nf2b3x7q0' },
    response: { ExecutionId: 'exec-bp1b8facb8ed7427c04f' },
  },
  async handler(ctx, input) {
    const { tx, nowMs, settings } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const found = await tx.resource(scope, 'imagepipeline', input.ImagePipelineId, nowMs);
    if (found === undefined) throw ctx.fail('InvalidImagePipeline.NotFound');
    const pipeline = asImagePipeline(found);
    const { buildContent, testContent } = pipeline.detail;
    if (needsMachine(buildContent))
      throw ctx.fail('InvalidParameter.BuildContent', { message: `BuildContent ${NO_MACHINE}` });
    if (needsMachine(testContent))
      throw ctx.fail('InvalidParameter.TestContent', { message: `TestContent ${NO_MACHINE}` });
    if (await hasOpenExecution(tx, pipeline, nowMs))
      throw ctx.fail('InvalidImagePipeline.HasRunningExecution');
    const base = await findBase(tx, pipeline, settings);
    if (base === 'no-bytes') throw ctx.fail('InvalidImage.NotFound', { message: NO_BYTES });
    if (typeof base === 'string') throw ctx.fail('InvalidImagePipeline.BaseImageNotFound');
    const tags = requireCreationTags(ctx, input.Tag);
    const executionId = ctx.newId('exec-', scope.regionId);
    await acceptExecution(tx, pipeline, executionId, tags, nowMs + settings.pipelineHoldMs);
    return { ExecutionId: executionId };
  },
});
