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
      'Each task is one piece of work: `TotalCount` is 1. `OperationProgressSet` tells how it ended and is empty before. Without `RegionId` the id is looked for in every region.',
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
      return {
        ...viewTask(task),
        RegionId: regionId,
        TaskProcess: `${task.progress}%`,
        TotalCount: 1,
        SuccessCount: task.taskStatus === 'Finished' ? 1 : 0,
        FailedCount: task.taskStatus === 'Failed' ? 1 : 0,
        OperationProgressSet: { OperationProgress: outcome(task) },
      };
    }
    throw ctx.fail('InvalidTaskId.NotFound');
  },
});

const outcome = (task: Task) =>
  task.taskStatus === 'Finished' || task.taskStatus === 'Failed'
    ? [
        {
          OperationStatus: task.taskStatus === 'Finished' ? 'Success' : 'Failed',
          ErrorCode: task.errorCode,
          ErrorMsg: task.errorMessage,
          RelatedItemSet: { RelatedItem: [{ Name: 'ImageId', Value: task.resourceId }] },
        },
      ]
    : [];
