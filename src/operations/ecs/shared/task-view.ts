import { isCancellable, type Task } from '../../../domain/task.ts';
import { formatMinutes } from '../../../lib/clock.ts';
import { string, type Static, object } from '../../../lib/schema.ts';

/** What DescribeTasks and DescribeTaskAttribute say of a task in the same words. */
export const taskProperties = {
  CreationTime: string({ description: 'UTC, whole minutes.' }),
  FinishedTime: string({ description: 'UTC, whole minutes; empty while the task runs.' }),
  SupportCancel: string({ description: 'true or false, as text: whether CancelTask may end it.' }),
  TaskAction: string({ description: 'The operation that made the task, for example ImportImage.' }),
  TaskId: string(),
  TaskStatus: string({ description: 'Processing, Waiting, Finished, Failed or Deleted.' }),
};

const taskSchema = object(taskProperties);

export const viewTask = (task: Task): Static<typeof taskSchema> => ({
  TaskId: task.taskId,
  TaskAction: task.taskAction,
  TaskStatus: task.taskStatus,
  CreationTime: formatMinutes(task.creationMs),
  FinishedTime: task.finishedMs === null ? '' : formatMinutes(task.finishedMs),
  SupportCancel: String(isCancellable(task.taskStatus)),
});
