import type { AccountId, ImageId, RegionId, TaskId } from './ids.ts';

export const TASK_STATUSES = ['Processing', 'Waiting', 'Finished', 'Failed', 'Deleted'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export type TaskAction = 'ImportImage' | 'ExportImage';

/** An asynchronous task as DescribeTasks shows it. It ends exactly once. */
export interface Task {
  taskId: TaskId;
  accountId: AccountId;
  regionId: RegionId;
  taskAction: TaskAction;
  taskStatus: TaskStatus;
  creationMs: number;
  /** Null while the task runs. */
  finishedMs: number | null;
  /** Whole percent. */
  progress: number;
  resourceId: ImageId;
  /** Empty unless failed. */
  errorCode: string;
  errorMessage: string;
}

/** True while CancelTask may end the task. */
export const isCancellable = (status: TaskStatus): boolean =>
  status === 'Processing' || status === 'Waiting';
