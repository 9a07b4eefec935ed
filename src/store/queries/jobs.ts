// The rows of jobs. A claim is a compare-and-set on the status, so that a job runs once; what its state
// means belongs to its kind.
import { sql } from 'kysely';
import type { ImageId } from '../../domain/ids.ts';
import type { Job, JobStatus } from '../../domain/job.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';

const selectJobs = (db: QueryBuilder) =>
  db
    .selectFrom('job')
    .select([
      'job_id as jobId',
      'kind',
      'account_id as accountId',
      'region_id as regionId',
      'image_id as imageId',
      'task_id as taskId',
      'step',
      'state',
      'status',
      'attempts',
      'creation_ms as creationMs',
    ]);

const jobById = statement((db, arg: { jobId: string }) =>
  selectJobs(db).where('job_id', '=', arg.jobId),
);
const jobOfImage = statement((db, arg: { imageId: string }) =>
  selectJobs(db).where('image_id', '=', arg.imageId),
);
/** The character after every one that an id may hold. */
const AFTER = '~';
const jobsNamed = statement((db, arg: { prefix: string; end: string; limit: number }) =>
  selectJobs(db)
    .where('job_id', '>=', arg.prefix)
    .where('job_id', '<', arg.end)
    .orderBy('job_id')
    .limit(arg.limit),
);
/**
 * What a limit must never hide: the jobs of images behind the executions that wait for them, and the oldest
 * of one account behind the thousands of another. So each account has its turns.
 */
const openJobs = statement((db, arg: { limit: number }) => {
  const isExecution = sql<number>`kind = 'ImagePipelineExecution'`;
  const turn = sql<number>`row_number() over (partition by account_id, ${isExecution} order by creation_ms, job_id)`;
  return selectJobs(db)
    .innerJoin(
      db
        .selectFrom('job')
        .select(['job_id as id', turn.as('turn')])
        .as('turns'),
      'id',
      'job_id',
    )
    .orderBy(isExecution)
    .orderBy('turn')
    .orderBy('creation_ms')
    .orderBy('job_id')
    .limit(arg.limit);
});

export const jobReads = (connection: Connection) => ({
  async job(jobId: string): Promise<Job | undefined> {
    return (await connection.one(jobById, { jobId })) as Job | undefined;
  },
  async jobOfImage(imageId: ImageId): Promise<Job | undefined> {
    return (await connection.one(jobOfImage, { imageId })) as Job | undefined;
  },
  async jobsNamed(prefix: string): Promise<Job[]> {
    const range = { prefix, end: `${prefix}${AFTER}`, limit: 1000 };
    return (await connection.all(jobsNamed, range)) as Job[];
  },
  async openJobs(limit: number): Promise<Job[]> {
    return (await connection.all(openJobs, { limit })) as Job[];
  },
});

const saveJob = statement(
  (
    db,
    arg: {
      jobId: string;
      from: string;
      status: string;
      step: string;
      state: string;
      attempts: number;
    },
  ) =>
    db
      .updateTable('job')
      .set({ status: arg.status, step: arg.step, state: arg.state, attempts: arg.attempts })
      .where('job_id', '=', arg.jobId)
      .where('status', '=', arg.from),
);
const dropJob = statement((db, arg: { jobId: string }) =>
  db.deleteFrom('job').where('job_id', '=', arg.jobId),
);
const release = statement((db) =>
  db.updateTable('job').set({ status: 'ready' }).where('status', '=', 'running'),
);

export const jobWrites = (connection: Connection) => ({
  async insertJob(job: Job): Promise<void> {
    await connection.change(
      connection.builder.insertInto('job').values({
        job_id: job.jobId,
        kind: job.kind,
        account_id: job.accountId,
        region_id: job.regionId,
        image_id: job.imageId,
        task_id: job.taskId,
        step: job.step,
        state: job.state,
        status: job.status,
        attempts: job.attempts,
        creation_ms: job.creationMs,
      }),
    );
  },
  async saveJob(
    jobId: string,
    from: JobStatus,
    set: Pick<Job, 'status' | 'step' | 'state' | 'attempts'>,
  ): Promise<boolean> {
    const { status, step, state, attempts } = set;
    return (await connection.run(saveJob, { jobId, from, status, step, state, attempts })) === 1;
  },
  async deleteJob(jobId: string): Promise<void> {
    await connection.run(dropJob, { jobId });
  },
  async releaseJobs(): Promise<number> {
    return connection.run(release, {});
  },
});
