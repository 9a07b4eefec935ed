import type { AccountId, ImageId, RegionId, TaskId } from './ids.ts';

export const TASK_STATUSES = ['Processing', 'Waiting', 'Finished', 'Failed', 'Deleted'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export type TaskAction = 'ImportImage' | 'ExportImage';

/** An object that an export writes into a bucket. */
export interface ExportedObject {
  bucket: string;
  object: string;
  /** As in `Blob.format`. */
  format: string;
}

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
  /** The image that is made or read. */
  resourceId: ImageId;
  /** Empty unless failed. */
  errorCode: string;
  errorMessage: string;
  /** What an export writes, in order of the disks; empty for an import. */
  objects: readonly ExportedObject[];
}

/** True while CancelTask may end the task. */
export const isCancellable = (status: TaskStatus): boolean =>
  status === 'Processing' || status === 'Waiting';
