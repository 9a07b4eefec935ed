// The store's verbs behind jobs. A part of ReadTx and Tx.
import type { ImageId } from './ids.ts';
import type { Job, JobStatus } from './job.ts';

export interface JobReads {
  job(jobId: string): Promise<Job | undefined>;
  /** Jobs with work left, oldest first; those that wait for other jobs come last. */
  openJobs(limit: number): Promise<Job[]>;
  jobOfImage(imageId: ImageId): Promise<Job | undefined>;
  /** Jobs whose id begins with `prefix`, at most a thousand. */
  jobsNamed(prefix: string): Promise<Job[]>;
}

export interface JobWrites {
  insertJob(job: Job): Promise<void>;
  /** Compare-and-set on the status; saves step and state with it. */
  saveJob(
    jobId: string,
    from: JobStatus,
    set: Pick<Job, 'status' | 'step' | 'state' | 'attempts'>,
  ): Promise<boolean>;
  deleteJob(jobId: string): Promise<void>;
  /** At start: whatever was running when the process died is ready again. Returns how many. */
  releaseJobs(): Promise<number>;
}
