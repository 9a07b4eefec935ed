// The ends of an import, each one transaction: everything that success or failure makes true becomes
// true at once, and the job's own row goes with it.
import { changeStatus, endTask } from '../domain/image-lifecycle.ts';
import { canBecome, type Image } from '../domain/image.ts';
import type { Job } from '../domain/job.ts';
import { removeSnapshot } from '../domain/snapshot-lifecycle.ts';
import type { Tx } from '../domain/tx.ts';
import { ingestedOf, sizeGibOf, type ImportDisk, type ImportState } from './import-state.ts';
import { placeBytes } from './place-bytes.ts';
import type { JobFailure } from './step.ts';

/** Blobs present, snapshots accomplished, image Available, task Finished. */
export const finishImport = async (
  tx: Tx,
  job: Job,
  state: ImportState,
  storeName: string,
): Promise<void> => {
  const image = await tx.image(job, job.imageId);
  if (image?.status === 'Creating') {
    for (const disk of state.disks) await finishDisk(tx, image, disk, storeName);
    await tx.setImageProgress(image.imageId, 100);
    await changeStatus(tx, image, 'Available');
  }
  if (job.taskId !== null) {
    await tx.setTaskProgress(job.taskId, 100);
    await endTask(tx, job.taskId, { taskStatus: 'Finished' });
  }
  await dropJob(tx, job);
};

const finishDisk = async (
  tx: Tx,
  image: Image,
  disk: ImportDisk,
  storeName: string,
): Promise<void> => {
  const { digest, sizeBytes, format } = ingestedOf(disk);
  const sizeGib = sizeGibOf(disk);
  await placeBytes(tx, digest, storeName);
  await tx.updateSnapshot(disk.snapshotId, {
    status: 'accomplished',
    progress: 100,
    digest,
    sizeGib,
    sizeBytes,
    lastModifiedMs: tx.actor.nowMs,
  });
  // What the request named stays as it was spelt: Terraform plans a replacement when it changes.
  const named = image.disks.find(({ position }) => position === disk.position)?.format;
  const set = { sizeGib, format: named || format.toUpperCase() };
  await tx.updateImageDisk(image.imageId, disk.position, set);
  if (disk.position === 1) await tx.updateImage(image.imageId, { sizeGib });
};

/** Image CreateFailed and without snapshots (they never held bytes), task Failed with the reason. */
export const failImage = async (tx: Tx, job: Job, failure: JobFailure): Promise<void> => {
  const image = await tx.image(job, job.imageId);
  if (image !== undefined && canBecome(image.status, 'CreateFailed')) {
    for (const { position, snapshotId } of image.disks) {
      const snapshot = snapshotId === null ? undefined : await tx.snapshot(job, snapshotId);
      if (snapshot?.status !== 'progressing') continue;
      await tx.updateImageDisk(job.imageId, position, { snapshotId: null });
      await removeSnapshot(tx, snapshot);
    }
    await tx.setImageFailure(job.imageId, failure);
    await changeStatus(tx, image, 'CreateFailed');
  }
  if (job.taskId !== null) await endTask(tx, job.taskId, { taskStatus: 'Failed', ...failure });
  await dropJob(tx, job);
};

/** The leases go with the row: what they kept is the sweep's from now on. */
export const dropJob = async (tx: Tx, job: Job): Promise<void> => {
  await tx.deleteLeases(job.jobId);
  await tx.deleteJob(job.jobId);
};
