import type { AccountId, ImageId, RegionId, TaskId } from './ids.ts';

/** Kinds that go on after the operation of the same name has answered, shown as its task. */
export const TASK_JOB_KINDS = ['ImportImage', 'CreateImage', 'CopyImage', 'ExportImage'] as const;
export type JobKind = (typeof TASK_JOB_KINDS)[number] | 'ImagePipelineExecution' | 'VerifyBlobs';
export type JobStatus = 'ready' | 'running' | 'done' | 'failed' | 'cancelled';

/** The column takes no null, and no image has this id. */
export const NO_IMAGE = '' as ImageId;

/** Work that outlives a request. Rows only: nothing of a job lives in memory alone. */
export interface Job {
  jobId: string;
  kind: JobKind;
  accountId: AccountId;
  regionId: RegionId;
  /** `NO_IMAGE` when the job is about several images, each of which has a job of its own. */
  imageId: ImageId;
  taskId: TaskId | null;
  /** The named step that comes next. */
  step: string;
  /** What the steps have learnt so far, as JSON text; its shape belongs to the job's kind. */
  state: string;
  status: JobStatus;
  attempts: number;
  creationMs: number;
}
