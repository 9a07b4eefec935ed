// CopyImage: `turn` (at most five of an account run in a region at once), then `finish`.
import { changeStatus } from '../domain/image-lifecycle.ts';
import { takeTurn, type CopyDisk } from '../domain/image-copy.ts';
import type { Job } from '../domain/job.ts';
import type { Tx } from '../domain/tx.ts';
import { jobActor } from './actor.ts';
import { dropJob, failImport } from './import-end.ts';
import type { JobHandler } from './step.ts';

export const copyImage: JobHandler = {
  async step(ctx, job) {
    if (job.step === 'turn') {
      const rounds = await ctx.write(async (tx) => {
        const image = await tx.image(job, job.imageId);
        return image === undefined ? 0 : takeTurn(tx, image);
      });
      if (rounds > 0) return { next: 'wait', delayMs: 500 * rounds };
      return { next: 'step', step: 'finish', state: job.state };
    }
    await ctx.write((tx) => finish(tx, job));
    return { next: 'done' };
  },
  async fail(ctx, job, failure) {
    await ctx.write((tx) => failImport(tx, job, failure));
  },
  async discard(ctx, job) {
    await ctx.store.write(jobActor(ctx, job.jobId), (tx) => dropJob(tx, job));
  },
};

const finish = async (tx: Tx, job: Job): Promise<void> => {
  const image = await tx.image(job, job.imageId);
  const { disks } = JSON.parse(job.state) as { disks: CopyDisk[] };
  if (image?.status === 'Creating') {
    for (const { snapshotId, digest, sizeBytes } of disks)
      await tx.updateSnapshot(snapshotId, {
        status: 'accomplished',
        progress: 100,
        digest,
        sizeBytes,
        lastModifiedMs: tx.actor.nowMs,
      });
    await tx.setImageProgress(image.imageId, 100);
    await changeStatus(tx, image, 'Available');
  }
  await dropJob(tx, job);
};
