// Shows how far an import is: image, snapshot and task, at most once a second and never backwards.
// Progress is a courtesy: a write that fails harms nothing, and 100 is left to the finish.
import type { Job } from '../domain/job.ts';
import type { ImportDisk, ImportState } from './import-state.ts';
import { JobLost, type JobContext } from './step.ts';

const EVERY_MS = 1_000;
const MOST_PERCENT = 99;

export class ImportProgress {
  readonly #ctx: JobContext;
  readonly #job: Job;
  readonly #disk: ImportDisk;
  readonly #earlierBytes: number;
  readonly #totalBytes: number;
  #writing: Promise<void> | undefined;
  #writtenAtMs: number;
  #imagePercent = 0;
  #diskPercent = 0;

  constructor(ctx: JobContext, job: Job, state: ImportState, disk: ImportDisk) {
    this.#ctx = ctx;
    this.#job = job;
    this.#disk = disk;
    const bytes = (disks: readonly ImportDisk[]): number =>
      disks.reduce((sum, { sourceSizeBytes }) => sum + sourceSizeBytes, 0);
    this.#earlierBytes = bytes(state.disks.slice(0, state.disks.indexOf(disk)));
    this.#totalBytes = bytes(state.disks);
    this.#writtenAtMs = ctx.clocks.monotonicMs();
  }

  report(stagedBytes: number): void {
    const nowMs = this.#ctx.clocks.monotonicMs();
    if (this.#writing !== undefined || nowMs - this.#writtenAtMs < EVERY_MS) return;
    const image = percent(this.#earlierBytes + stagedBytes, this.#totalBytes);
    const disk = percent(stagedBytes, this.#disk.sourceSizeBytes);
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
    return this.#ctx.write(async (tx) => {
      // Compared with the rows: after a restart the bytes are counted from the beginning again.
      const image = await tx.image(this.#job, imageId);
      const snapshot = await tx.snapshot(this.#job, this.#disk.snapshotId);
      if (snapshot !== undefined && snapshot.progress < diskPercent)
        await tx.updateSnapshot(snapshot.snapshotId, { progress: diskPercent });
      if (image === undefined || image.progress >= imagePercent) return;
      await tx.setImageProgress(imageId, imagePercent);
      if (taskId !== null) await tx.setTaskProgress(taskId, imagePercent);
    });
  }
}

const percent = (bytes: number, ofBytes: number): number =>
  ofBytes === 0 ? 0 : Math.min(MOST_PERCENT, Math.floor((100 * bytes) / ofBytes));
