// Exports of images: what can be exported, acceptance, and who is being exported. An export changes
// nothing of its image: it is a task, a job, and leases that hold the bytes until the job ends. The
// job's id begins with the image's, so that the rows say what is exported without a table of their own.
import type { Digest, TaskId } from './ids.ts';
import type { Image, ImageDisk } from './image.ts';
import type { ReadTx, Tx } from './tx.ts';

export const MAX_EXPORTED_DATA_DISKS = 4;
export const MAX_EXPORTED_DATA_DISK_GIB = 500;
/** What a disk can be made into. */
const CONVERTED_FORMATS: ReadonlySet<string> = new Set(['raw', 'qcow2', 'vhd', 'vmdk']);

/**
 * What exports write that name no format: each disk as it is kept, or raw disks in gzipped archives, as the
 * vendor does.
 */
export const EXPORT_FORMATS = ['kept', 'raw.tar.gz'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** One disk of an export, as the job's state has it. */
export interface ExportDisk {
  position: number;
  digest: Digest;
  sizeBytes: number;
  /** As in `Blob.format`: what is kept. */
  format: string;
  virtualSizeBytes: number;
  /** What is written, when that is another format. */
  convertTo?: string;
  /** Whether the object is an archive, and what is written its one file. */
  isPacked?: boolean;
  /** Key in the bucket. */
  object: string;
}

/** Each refusal is answered with a code of its own. */
export type ExportRefusal =
  | 'not-available'
  | 'exporting'
  | 'too-many-disks'
  | 'without-bytes'
  | 'other-format'
  | 'no-converter';

export interface ExportRequest {
  image: Image;
  bucket: string;
  /** Empty: names begin with the id of the image. */
  prefix: string;
  /** Undefined: as `unnamed` says. */
  format: string | undefined;
  unnamed: ExportFormat;
  /** Whether a disk can be written in another format than its own. */
  canConvert: boolean;
  taskId: TaskId;
}

const exportsOf = (imageId: string): string => `ExportImage:${imageId}:`;

/** The job of an export, which a task of the image names. */
export const exportJobId = (imageId: string, taskId: string): string =>
  `${exportsOf(imageId)}${taskId}`;

/** Takes an export in: task, leases and job. After a refusal nothing is written. */
export const acceptExport = async (
  tx: Tx,
  request: ExportRequest,
): Promise<ExportRefusal | undefined> => {
  const { image, bucket, taskId } = request;
  if (image.status !== 'Available') return 'not-available';
  if (await isBeingExported(tx, image)) return 'exporting';
  if (isTooLarge(image.disks)) return 'too-many-disks';
  const disks = await planExport(tx, request);
  if (disks === undefined) return 'without-bytes';
  const targets = disks.flatMap(({ convertTo }) => convertTo ?? []);
  if (targets.some((format) => !CONVERTED_FORMATS.has(format))) return 'other-format';
  if (targets.length > 0 && !request.canConvert) return 'no-converter';
  const { accountId, regionId, imageId } = image;
  const jobId = exportJobId(imageId, taskId);
  for (const { digest } of disks) await tx.insertLease(digest, jobId);
  const common = { accountId, regionId, taskId, creationMs: tx.actor.nowMs };
  await tx.insertTask({
    ...common,
    taskAction: 'ExportImage',
    taskStatus: 'Waiting',
    finishedMs: null,
    progress: 0,
    resourceId: imageId,
    errorCode: '',
    errorMessage: '',
    objects: disks.map(({ object, format, convertTo }) => ({
      bucket,
      object,
      format: convertTo ?? format,
    })),
  });
  await tx.insertJob({
    ...common,
    jobId,
    kind: 'ExportImage',
    imageId,
    step: 'begin',
    state: JSON.stringify({ bucket, disks }),
    status: 'ready',
    attempts: 0,
  });
  return undefined;
};

const isTooLarge = (disks: readonly ImageDisk[]): boolean => {
  const data = disks.filter(({ diskType }) => diskType === 'data');
  return (
    data.length > MAX_EXPORTED_DATA_DISKS ||
    data.some(({ sizeGib }) => sizeGib > MAX_EXPORTED_DATA_DISK_GIB)
  );
};

/** What is written for each disk; undefined when one of them has no bytes. */
const planExport = async (
  tx: Tx,
  { image, prefix, format: named, unnamed }: ExportRequest,
): Promise<ExportDisk[] | undefined> => {
  const isPacked = named === undefined && unnamed === 'raw.tar.gz';
  const wanted = isPacked ? 'raw' : named;
  const disks: ExportDisk[] = [];
  for (const disk of image.disks) {
    const snapshot =
      disk.snapshotId === null ? undefined : await tx.snapshot(image, disk.snapshotId);
    const blob = snapshot?.digest ? await tx.blob(snapshot.digest) : undefined;
    if (blob === undefined) return undefined;
    const { digest, sizeBytes, format, virtualSizeBytes } = blob;
    const ending = isPacked ? unnamed : (wanted ?? format);
    const object = exportedName(image.imageId, disk, prefix, ending);
    const kept = { position: disk.position, digest, sizeBytes, format, virtualSizeBytes, object };
    const isOther = wanted !== undefined && wanted !== format;
    disks.push({ ...kept, ...(isOther && { convertTo: wanted }), ...(isPacked && { isPacked }) });
  }
  return disks;
};

/** `<OSSPrefix>_<ImageId>_system.qcow2`, and `…_data_xvdb.qcow2` for the data disk at /dev/xvdb. */
const exportedName = (
  imageId: string,
  { diskType, device }: ImageDisk,
  prefix: string,
  ending: string,
): string => {
  const disk = diskType === 'system' ? 'system' : `data_${device.replace(/^\/dev\//, '')}`;
  return `${prefix === '' ? '' : `${prefix}_`}${imageId}_${disk}.${ending}`;
};

/** Whether the image is being exported right now; what was cancelled does not count. */
export const isBeingExported = async (
  tx: Pick<ReadTx, 'jobsNamed'>,
  image: Pick<Image, 'imageId'>,
): Promise<boolean> =>
  (await tx.jobsNamed(exportsOf(image.imageId))).some(({ status }) => status !== 'cancelled');

/** `too-late`: its objects are being put in their places, which is not stopped half-way. */
export const cancelExport = async (
  tx: Tx,
  imageId: string,
  taskId: string,
): Promise<'cancelled' | 'too-late'> => {
  const job = await tx.job(exportJobId(imageId, taskId));
  if (job === undefined) return 'cancelled';
  const { step, state, attempts, status } = job;
  if (step === 'publish' || step === 'finish') return 'too-late';
  await tx.saveJob(job.jobId, status, { status: 'cancelled', step, state, attempts });
  return 'cancelled';
};
