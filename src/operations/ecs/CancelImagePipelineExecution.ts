import { asExecution, cancelJob, isOpen } from '../../domain/image-pipeline-execution.ts';
import type { RegionId } from '../../domain/ids.ts';
import { giveUp } from '../../domain/publish-images.ts';
import { list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';

export const CancelImagePipelineExecution = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CancelImagePipelineExecution',
  kind: 'write',
  docs: {
    summary: 'Stops an execution that has not ended, and takes back the images that it made.',
    notes:
      'It is CANCELLED with the answer. As nothing is shared or in the family before the end, it can be cancelled while copies are made (DISTRIBUTING) too, as older pages of the vendor have it. An image that is used meanwhile is kept, and Message names it.',
  },
  input: object({
    RegionId: regionId(),
    ExecutionId: string({ maxLength: 128, invalid: 'InvalidImagePipelineExecution.NotFound' }),
    TemplateTag: optional(
      list(object({ Key: optional(string()), Value: optional(string()) }), {
        withoutEffect: 'The vendor has never opened it.',
        maxItems: 20,
      }),
    ),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingExecutionId: 400,
    'InvalidStatus.CancelFailed': 400,
    'InvalidImagePipelineExecution.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {
    '403 InvalidStatus.ImagePipelineExecution':
      'Until it has ended, an execution can be cancelled in every status that occurs here.',
    '404 InvalidImagePipelineExecutionId.NotFound':
      'An unknown execution is answered with InvalidImagePipelineExecution.NotFound.',
  },
  access: {
    action: 'ecs:CancelImagePipelineExecution',
    resource: ({ ExecutionId }) => `imagepipelineexecution/${ExecutionId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ExecutionId: 'exec-bp1b8facb8ed7427c04f' },
    response: {},
  },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const found = await tx.resource(scope, 'imagepipelineexecution', input.ExecutionId, nowMs);
    if (found === undefined) throw ctx.fail('InvalidImagePipelineExecution.NotFound');
    const execution = asExecution(found);
    if (!isOpen(execution)) throw ctx.fail('InvalidStatus.CancelFailed');
    await cancelJob(tx, execution);
    await giveUp(tx, execution, 'CANCELLED', {
      errorCode: '',
      errorMessage: 'Cancelled by CancelImagePipelineExecution.',
    });
    return {};
  },
});
