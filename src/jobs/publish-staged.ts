// The step that every kind of job which brings bytes has in common: a staged file that was hashed
// becomes a blob in the store of the job's region.
import { BlobConflict } from '../blobs/blob-store.ts';
import { isLostIn, leaseBlob, restorePlacement } from '../blobs/placing.ts';
import type { Blob } from '../domain/blob.ts';
import type { Job } from '../domain/job.ts';
import type { JobContext } from './step.ts';

export const EQUAL_BYTES_DAMAGED =
  'Equal bytes are stored already, but damaged; run kindred verify, then try again.';

type Found = Omit<Blob, 'state' | 'creationMs'>;

/**
 * Holds the blob from the sweep in the store of the job's region, which may be deleting equal bytes
 * just then: these must be gone before they can come back. False: not yet.
 */
export const holdBlob = async (ctx: JobContext, job: Job, found: Found): Promise<boolean> => {
  const { name } = ctx.stores.of(job.regionId).blobs;
  const lease = () => ctx.write((tx) => leaseBlob(tx, job.jobId, found, name));
  if (await lease()) return true;
  await ctx.sweep.finishDeletions();
  return lease();
};

/**
 * Leases the blob and moves the staged file of disk `position` to its place, over bytes that are known
 * to be damaged. `missing`: a power cut can take a staged file's name although its bytes were synced;
 * stage again.
 */
export const publishStaged = async (
  ctx: JobContext,
  job: Job,
  position: number,
  found: Found,
): Promise<'published' | 'missing' | 'busy'> => {
  if (!(await holdBlob(ctx, job, found))) return 'busy';
  ctx.faults.reach('publish.leased');
  const { blobs, staging } = ctx.stores.of(job.regionId);
  const { digest, sizeBytes } = found;
  const stagedPath = staging.path(job.imageId, position);
  const replaces = await ctx.store.read((tx) => isLostIn(tx, digest, blobs.name));
  const placed = await blobs.put(stagedPath, digest, sizeBytes, { replaces }).catch((error) => {
    // What lies there has another size and so is not what it is taken for; what is staged was hashed.
    if (!(error instanceof BlobConflict)) throw error;
    ctx.log.error({ jobId: job.jobId, err: error }, 'stored bytes were damaged; they are replaced');
    return blobs.put(stagedPath, digest, sizeBytes, { replaces: true });
  });
  if (placed === 'missing') return 'missing';
  if (replaces) await ctx.write((tx) => restorePlacement(tx, digest, blobs.name, 'publishing'));
  return 'published';
};
