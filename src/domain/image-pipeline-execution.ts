// Executions of image pipelines as records: their words, their states, how one begins and ends. What an
// execution does to images stands in build-images.ts.
import type { ImageId, RegionId } from './ids.ts';
import { NO_IMAGE, type Job } from './job.ts';
import { acceptResource, removeResource } from './resource-lifecycle.ts';
import type { Resource } from './resource.ts';
import type { Tag } from './tag.ts';
import type { ReadTx, Scope, Tx } from './tx.ts';

export const EXECUTION_STATUSES = [
  'PREPARING',
  'REPAIRING',
  'BUILDING',
  'TESTING',
  'DISTRIBUTING',
  'RELEASING',
  'SUCCESS',
  'PARTITION_SUCCESS',
  'FAILED',
  'TEST_FAILED',
  'CANCELLING',
  'CANCELLED',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** The unfinished ones that occur here, where nothing is repaired, tested or given free. */
const OPEN_STATUSES = ['PREPARING', 'BUILDING', 'DISTRIBUTING'] as const;

export const isOpen = ({ status }: Pick<Resource, 'status'>): boolean =>
  OPEN_STATUSES.some((open) => open === status);

/** An image that an execution makes. */
export interface BuiltImage {
  regionId: RegionId;
  imageId: ImageId;
}

export interface ExecutionDetail {
  /** First that of the pipeline's own region, then the copies. */
  images: readonly BuiltImage[];
  /** What came to nothing in single regions or with single accounts, in sentences. */
  problems: readonly string[];
  /** Why it ended as it did; empty while it runs and after a plain success. */
  message: string;
  errorCode: string;
  modifiedMs: number;
}
export type Execution = Resource<ExecutionDetail>;

/** The one kind of detail that rows of this type are written with. */
export const asExecution = (resource: Resource): Execution => resource as Execution;

const PREFIX = 'ImagePipelineExecution:';
const jobIdOf = (executionId: string): string => `${PREFIX}${executionId}`;

/** The execution that a job does the work of. */
export const findExecution = async (
  tx: ReadTx,
  job: Job,
  nowMs: number,
): Promise<Execution | undefined> => {
  const executionId = job.jobId.slice(PREFIX.length);
  const found = await tx.resource(job, 'imagepipelineexecution', executionId, nowMs);
  return found && asExecution(found);
};

/** Takes an execution in, with the job that does its work. */
export const acceptExecution = async (
  tx: Tx,
  pipeline: Resource,
  executionId: string,
  tags: readonly Tag[],
  notBeforeMs: number,
): Promise<void> => {
  const { accountId, regionId, resourceGroupId } = pipeline;
  const { nowMs } = tx.actor;
  const scope: Scope = { accountId, regionId };
  const detail: ExecutionDetail = {
    images: [],
    problems: [],
    message: '',
    errorCode: '',
    modifiedMs: nowMs,
  };
  const record = {
    ...scope,
    resourceId: executionId,
    resourceType: 'imagepipelineexecution' as const,
    resourceName: executionId,
    status: 'PREPARING' satisfies ExecutionStatus,
    parentId: pipeline.resourceId,
    imageId: '',
    resourceGroupId,
    detail,
  };
  await acceptResource(tx, record, tags);
  await tx.insertJob({
    ...scope,
    jobId: jobIdOf(executionId),
    kind: 'ImagePipelineExecution',
    imageId: NO_IMAGE,
    taskId: null,
    step: 'prepare',
    state: JSON.stringify({ notBeforeMs }),
    status: 'ready',
    attempts: 0,
    creationMs: nowMs,
  });
};

/** The execution in its next status. */
export const moveExecution = async (
  tx: Tx,
  execution: Execution,
  status: ExecutionStatus,
  set: Partial<Omit<ExecutionDetail, 'modifiedMs'>> = {},
): Promise<void> => {
  const detail: ExecutionDetail = { ...execution.detail, ...set, modifiedMs: tx.actor.nowMs };
  await tx.updateResource(execution.resourceId, { status, detail });
};

/** Tells the execution's job to stop; it removes itself. */
export const cancelJob = async (tx: Tx, execution: Execution): Promise<void> => {
  const job = await tx.job(jobIdOf(execution.resourceId));
  if (job !== undefined) await tx.saveJob(job.jobId, job.status, { ...job, status: 'cancelled' });
};

export const hasOpenExecution = async (
  tx: ReadTx,
  pipeline: Resource,
  nowMs: number,
): Promise<boolean> => {
  const filter = {
    resourceType: 'imagepipelineexecution',
    parentId: pipeline.resourceId,
    statuses: OPEN_STATUSES,
  } as const;
  return (await tx.resources(pipeline, filter, { limit: 0, offset: 0 }, nowMs)).total > 0;
};

/** Executions that are removed after one look. */
const PAGE = { limit: 500, offset: 0 };

/** Removes a pipeline with the records of its executions; the images that these made stay. */
export const removePipeline = async (tx: Tx, pipeline: Resource): Promise<void> => {
  const filter = {
    resourceType: 'imagepipelineexecution',
    parentId: pipeline.resourceId,
  } as const;
  for (;;) {
    const { rows } = await tx.resources(pipeline, filter, PAGE, tx.actor.nowMs);
    for (const row of rows) await removeResource(tx, row);
    if (rows.length < PAGE.limit) break;
  }
  await removeResource(tx, pipeline);
};
