import { hasOpenExecution, removePipeline } from '../../domain/image-pipeline-execution.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';

export const DeleteImagePipeline = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteImagePipeline',
  kind: 'write',
  docs: {
    summary: 'Deletes an image pipeline whose executions have all ended.',
    notes: 'The records of the executions go with it; the images that they made stay.',
  },
  input: object({
    RegionId: regionId(),
    ImagePipelineId: string({ maxLength: 128, invalid: 'InvalidImagePipeline.NotFound' }),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingImagePipelineId: 400,
    'InvalidImagePipeline.HasRunningExecution': 403,
    'InvalidImagePipeline.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:DeleteImagePipeline',
    resource: ({ ImagePipelineId }) => `imagepipeline/${ImagePipelineId}`,
  },
  recordsOnly: true,
  example: {
    request: { RegionId: 'cn-hangzhou', ImagePipelineId: 'ip-bp15tsl5bp6nf2b3x7q0' },
    response: {},
  },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const id = input.ImagePipelineId;
    const pipeline = await ctx.tx.resource(scope, 'imagepipeline', id, ctx.nowMs);
    if (pipeline === undefined) throw ctx.fail('InvalidImagePipeline.NotFound');
    if (await hasOpenExecution(ctx.tx, pipeline, ctx.nowMs))
      throw ctx.fail('InvalidImagePipeline.HasRunningExecution');
    await removePipeline(ctx.tx, pipeline);
    return {};
  },
});
