// Executions of image pipelines: their words, and in which states they are. What an execution does to
// images stands in build-images.ts.
import type { ImageId, RegionId } from './ids.ts';
import { removeResource } from './resource-lifecycle.ts';
import type { Resource } from './resource.ts';
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

/** Of those that an execution has here: repairs, tests and machines to give free do not exist. */
const OPEN_STATUSES = [
  'PREPARING',
  'BUILDING',
  'DISTRIBUTING',
] as const satisfies ExecutionStatus[];

export const isOpen = ({ status }: Resource): boolean =>
  OPEN_STATUSES.some((open) => open === status);

/** An image that an execution makes; the first is that of the pipeline's own region. */
export interface BuiltImage {
  regionId: RegionId;
  imageId: ImageId;
}

export interface ExecutionDetail {
  images: readonly BuiltImage[];
  /** What went wrong in single regions or with single accounts, in sentences. */
  problems: readonly string[];
  /** Why it ended as it did; empty while it runs and after a plain success. */
  message: string;
  errorCode: string;
  modifiedMs: number;
}
export type Execution = Resource<ExecutionDetail>;

/** The one kind of detail that rows of this type are written with. */
export const asExecution = (resource: Resource): Execution => resource as Execution;

export const executionJobId = (executionId: string): string =>
  `ImagePipelineExecution:${executionId}`;

/** Executions looked at, or removed, with one statement. */
const PAGE = { limit: 500, offset: 0 };

export const hasOpenExecution = async (
  tx: ReadTx,
  pipeline: Scope & Pick<Resource, 'resourceId'>,
  nowMs: number,
): Promise<boolean> => {
  const filter = {
    resourceType: 'imagepipelineexecution',
    parentId: pipeline.resourceId,
    statuses: OPEN_STATUSES,
  } as const;
  const { total } = await tx.resources(pipeline, filter, { limit: 0, offset: 0 }, nowMs);
  return total > 0;
};

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
