// Shows how far a job that moves bytes is: image, snapshot and task, at most once a second and never backwards.
// Progress is a courtesy: a write that fails harms nothing, and 100 is left to the finish.
import type { Job } from '../domain/job.ts';
import type { SnapshotId } from '../domain/ids.ts';
import { JobLost, type JobContext } from './step.ts';

const EVERY_MS = 1_000;
const MOST_PERCENT = 99;

/** A disk whose bytes are moved; without a snapshot when only the task tells of it. */
export interface MovedDisk {
  snapshotId?: SnapshotId;
  sizeBytes: number;
}

export class JobProgress {
  readonly #ctx: JobContext;
  readonly #job: Job;
  readonly #disk: MovedDisk;
  readonly #earlierBytes: number;
  readonly #totalBytes: number;
  #writing: Promise<void> | undefined;
  #writtenAtMs: number;
  #imagePercent = 0;
  #diskPercent = 0;

  constructor(ctx: JobContext, job: Job, disks: readonly MovedDisk[], index: number) {
    this.#ctx = ctx;
    this.#job = job;
    this.#disk = disks[index] ?? { sizeBytes: 0 };
    const bytes = (some: readonly MovedDisk[]): number =>
      some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    this.#earlierBytes = bytes(disks.slice(0, index));
    this.#totalBytes = bytes(disks);
    this.#writtenAtMs = ctx.clocks.monotonicMs();
  }

  report(stagedBytes: number): void {
    const nowMs = this.#ctx.clocks.monotonicMs();
    if (this.#writing !== undefined || nowMs - this.#writtenAtMs < EVERY_MS) return;
    const image = percent(this.#earlierBytes + stagedBytes, this.#totalBytes);
    const disk = percent(stagedBytes, this.#disk.sizeBytes);
    if (image <= this.#imagePercent && disk <= this.#diskPercent) return;
    this.#writtenAtMs = nowMs;
    this.#imagePercent = image;
    this.#diskPercent = disk;
    this.#writing = this.#write(image, disk)
      .catch((error: unknown) => {
        if (!(error instanceof JobLost))
          this.#ctx.log.warn({ jobId: this.#job.jobId, err: error }, 'progress was not written');
      })
      .finally(() => (this.#writing = undefined));
  }

  /** Resolves when no write is under way. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  #write(imagePercent: number, diskPercent: number): Promise<void> {
    const { imageId, taskId } = this.#job;
    const { snapshotId } = this.#disk;
    return this.#ctx.write(async (tx) => {
      if (taskId !== null) await tx.setTaskProgress(taskId, imagePercent);
      if (snapshotId === undefined) return;
      // Compared with the row: after a restart the bytes are counted from the beginning again.
      const snapshot = await tx.snapshot(this.#job, snapshotId);
      if (snapshot !== undefined && snapshot.progress < diskPercent)
        await tx.updateSnapshot(snapshotId, { progress: diskPercent });
      await tx.setImageProgress(imageId, imagePercent);
    });
  }
}

const percent = (bytes: number, ofBytes: number): number =>
  ofBytes === 0 ? 0 : Math.min(MOST_PERCENT, Math.floor((100 * bytes) / ofBytes));
