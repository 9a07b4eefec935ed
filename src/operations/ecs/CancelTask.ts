import { removeSnapshot } from '../../domain/snapshot-lifecycle.ts';
import { object, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import { endTask, removeImage } from '../../domain/image-lifecycle.ts';
import { isCancellable } from '../../domain/task.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';

export const CancelTask = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CancelTask',
  kind: 'write',
  docs: {
    summary: 'Cancels an import that has not ended: its image and unfinished snapshots vanish.',
    notes:
      'The task stays listed with the status `Deleted`. What was read of the file so far is thrown away shortly after the answer.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    TaskId: string({
      missing: 'MissingParameter',
      maxLength: 128,
      invalid: 'InvalidTaskId.NotFound',
    }),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'InvalidRegionId.NotFound': 400,
    'InvalidTaskId.NotFound': 400,
    'InvalidTaskId.IncorrectTaskStatus': 403,
  },
  cannotOccur: {
    '403 CancelTaskFailed':
      'Task, image, snapshots and job change in one transaction: a task that has not ended can always be cancelled.',
    '403 InvalidTaskId.TaskActionNotSupport':
      'Only imports make tasks here, and an import can be cancelled.',
  },
  access: { action: 'ecs:CancelTask', resource: (input) => `task/${input.TaskId}` },
  example: {
    request: { RegionId: 'cn-hangzhou', TaskId: 't-bp198jigq7l0h5aczzzz' },
    response: {},
  },
  async handler(ctx, input) {
    const { tx } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const task = await tx.task(scope, input.TaskId);
    if (task === undefined) throw ctx.fail('InvalidTaskId.NotFound');
    if (
      !isCancellable(task.taskStatus) ||
      !(await endTask(tx, task.taskId, { taskStatus: 'Deleted' }))
    )
      throw ctx.fail('InvalidTaskId.IncorrectTaskStatus');

    const job = await tx.jobOfImage(task.resourceId);
    if (job !== undefined && (job.status === 'ready' || job.status === 'running')) {
      const { step, state, attempts, status } = job;
      await tx.saveJob(job.jobId, status, { status: 'cancelled', step, state, attempts });
    }
    const image = await tx.image(scope, task.resourceId);
    if (image === undefined) return {};
    await removeImage(tx, image);
    for (const { snapshotId } of image.disks) {
      const snapshot = snapshotId === null ? undefined : await tx.snapshot(scope, snapshotId);
      if (snapshot?.status === 'progressing') await removeSnapshot(tx, snapshot);
    }
    return {};
  },
});
