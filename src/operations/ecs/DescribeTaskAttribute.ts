import { integer, list, object, optional, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import type { Task } from '../../domain/task.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';
import { regionsOfId } from './shared/regions-of-id.ts';
import { taskProperties, viewTask } from './shared/task-view.ts';

export const DescribeTaskAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeTaskAttribute',
  kind: 'read',
  docs: {
    summary: 'Answers the state of one asynchronous task.',
    notes:
      'An import is one piece of work, an export one for each disk: so is `TotalCount`. `OperationProgressSet` tells how it ended and is empty before. Without `RegionId` the id is looked for in every region.',
  },
  input: object({
    RegionId: optional(
      string({
        description: 'Looks for the task in this region only.',
        maxLength: 64,
        invalid: 'InvalidRegionId.NotFound',
      }),
    ),
    TaskId: string({
      missing: 'MissingParameter',
      maxLength: 128,
      invalid: 'InvalidTaskId.NotFound',
    }),
    ...owners,
  }),
  output: object({
    ...taskProperties,
    RegionId: string(),
    TaskProcess: string({ description: 'Percent, as text: 35%.' }),
    TotalCount: integer(),
    SuccessCount: integer(),
    FailedCount: integer(),
    OperationProgressSet: object({
      OperationProgress: list(
        object({
          OperationStatus: string({ description: 'Success or Failed.' }),
          ErrorCode: string(),
          ErrorMsg: string(),
          RelatedItemSet: object({
            RelatedItem: list(object({ Name: string(), Value: string() })),
          }),
        }),
      ),
    }),
  }),
  errors: { MissingParameter: 400, 'InvalidRegionId.NotFound': 400, 'InvalidTaskId.NotFound': 400 },
  cannotOccur: {},
  access: { action: 'ecs:DescribeTaskAttribute', resource: (input) => `task/${input.TaskId}` },
  example: {
    request: { RegionId: 'cn-hangzhou', TaskId: 't-bp198jigq7l0h5aczzzz' },
    response: {
      TaskId: 't-bp198jigq7l0h5aczzzz',
      TaskAction: 'ImportImage',
      TaskStatus: 'Processing',
      TaskProcess: '35%',
      CreationTime: '2026-11-24T12:50Z',
      FinishedTime: '',
      SupportCancel: 'true',
      RegionId: 'cn-hangzhou',
      TotalCount: 1,
      SuccessCount: 0,
      FailedCount: 0,
      OperationProgressSet: { OperationProgress: [] },
    },
  },
  async handler(ctx, input) {
    const { accountId } = ctx.caller;
    const regions =
      input.RegionId === undefined
        ? regionsOfId(ctx.settings.regions, input.TaskId)
        : [input.RegionId as RegionId];
    for (const regionId of regions) {
      const task = await ctx.tx.task({ accountId, regionId }, input.TaskId);
      if (task === undefined) continue;
      const pieces = Math.max(1, task.objects.length);
      return {
        ...viewTask(task),
        RegionId: regionId,
        TaskProcess: `${task.progress}%`,
        TotalCount: pieces,
        SuccessCount: task.taskStatus === 'Finished' ? pieces : 0,
        FailedCount: task.taskStatus === 'Failed' ? pieces : 0,
        OperationProgressSet: { OperationProgress: outcome(task) },
      };
    }
    throw ctx.fail('InvalidTaskId.NotFound');
  },
});

/** All pieces of a task end alike: an export leaves all its files or none. */
const outcome = (task: Task) => {
  const { taskStatus, errorCode, errorMessage } = task;
  if (taskStatus !== 'Finished' && taskStatus !== 'Failed') return [];
  return piecesOf(task).map((RelatedItem) => ({
    OperationStatus: taskStatus === 'Finished' ? 'Success' : 'Failed',
    ErrorCode: errorCode,
    ErrorMsg: errorMessage,
    RelatedItemSet: { RelatedItem },
  }));
};

const piecesOf = ({ taskAction, resourceId, objects }: Task) =>
  taskAction === 'ImportImage'
    ? [[{ Name: 'ImageId', Value: resourceId }]]
    : objects.map(({ bucket, object, format }) => [
        { Name: 'OSSBucket', Value: bucket },
        { Name: 'OSSObject', Value: object },
        { Name: 'ImageFormat', Value: format },
      ]);
