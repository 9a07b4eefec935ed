import { removeSnapshot } from '../../domain/snapshot-lifecycle.ts';
import { object, string } from '../../lib/schema.ts';
import type { ImageId, RegionId } from '../../domain/ids.ts';
import { cancelExport } from '../../domain/image-export.ts';
import { endTask, removeImage } from '../../domain/image-lifecycle.ts';
import { isCancellable } from '../../domain/task.ts';
import type { Scope, Tx } from '../../domain/tx.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';

export const CancelTask = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CancelTask',
  kind: 'write',
  docs: {
    summary: 'Cancels an import or an export that has not ended.',
    notes:
      'Of an import the image and its unfinished snapshots vanish, of an export its files; the image that was exported stays as it is. The task stays listed with the status `Deleted`. What was copied of the bytes so far is thrown away shortly after the answer. While the files of an export are given their names, which takes a moment, it cannot be cancelled any more.',
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
    CancelTaskFailed: 403,
  },
  cannotOccur: {
    '403 InvalidTaskId.TaskActionNotSupport':
      'Only imports and exports make tasks here, and both can be cancelled.',
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
    if (task.taskAction === 'ImportImage') await cancelImport(tx, scope, task.resourceId);
    else if ((await cancelExport(tx, task.resourceId, task.taskId)) === 'too-late')
      throw ctx.fail('CancelTaskFailed');
    return {};
  },
});

/** The image goes, with what there is of its snapshots; bytes go with the job. */
const cancelImport = async (tx: Tx, scope: Scope, imageId: ImageId): Promise<void> => {
  const job = await tx.jobOfImage(imageId);
  if (job !== undefined && (job.status === 'ready' || job.status === 'running')) {
    const { step, state, attempts, status } = job;
    await tx.saveJob(job.jobId, status, { status: 'cancelled', step, state, attempts });
  }
  const image = await tx.image(scope, imageId);
  if (image === undefined) return;
  await removeImage(tx, image);
  for (const { snapshotId } of image.disks) {
    const snapshot = snapshotId === null ? undefined : await tx.snapshot(scope, snapshotId);
    if (snapshot?.status === 'progressing') await removeSnapshot(tx, snapshot);
  }
};
