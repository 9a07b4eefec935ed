// What must be true after every recovery. Everything is asked through the API as a client would; the
// rows on disk are looked at beside it. Each finding becomes a sentence in the ledger.
import { createHash } from 'node:crypto';
import type { Api } from './api.ts';
import { REGION } from './client.ts';
import type { ImageEntry, Ledger } from './ledger.ts';
import { readRows } from './rows.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- parsed answers
type Body = any;

const FSCK_TRIES = 4;

export const checkAll = async (api: Api, ledger: Ledger, dataDir: string): Promise<void> => {
  const images = await api.all(
    'DescribeImages',
    { RegionId: REGION, Status: 'ALL' },
    (body) => body.Images.Image,
  );
  checkImages(ledger, images);
  checkOrder(ledger, images);
  await checkTasks(api, ledger);
  await checkSnapshots(api, ledger);
  await checkHeads(api, ledger, images, dataDir);
  await checkContents(api, ledger);
  await checkFsck(api, ledger);
};

const statusOf = (entry: ImageEntry): string =>
  entry.isGood ? (entry.isDeprecated ? 'Deprecated' : 'Available') : 'CreateFailed';

/** Acknowledged is kept; what was never asked for is not there. */
const checkImages = (ledger: Ledger, images: readonly Body[]): void => {
  const found = new Map<string, Body>(images.map((image) => [image.ImageId, image]));
  for (const entry of ledger.images.values()) {
    const image = found.get(entry.imageId);
    found.delete(entry.imageId);
    if (entry.fate !== 'alive') {
      if (image !== undefined)
        ledger.violated(`${entry.imageId} was ${entry.fate} and is ${image.Status}`);
      continue;
    }
    if (image === undefined) {
      ledger.violated(`${entry.imageId} (${entry.imageName}) was acknowledged and is gone`);
      continue;
    }
    const kept = `${image.ImageName} ${image.Status} in '${image.ImageFamily}'`;
    const expected = `${entry.imageName} ${statusOf(entry)} in '${entry.imageFamily}'`;
    if (kept !== expected) ledger.violated(`${entry.imageId} is ${kept} and should be ${expected}`);
    if (entry.creationTime !== '' && entry.creationTime !== image.CreationTime)
      ledger.violated(
        `${entry.imageId}: CreationTime ${entry.creationTime} became ${image.CreationTime}`,
      );
    entry.creationTime = image.CreationTime;
    if (image.Status === 'Available' || image.Status === 'Deprecated')
      entry.snapshotId = image.DiskDeviceMappings.DiskDeviceMapping[0].SnapshotId;
  }
  for (const image of found.values())
    ledger.violated(`${image.ImageId} (${image.ImageName}) was never acknowledged`);
};

/** Newest first: times never run backwards, and what was answered before another was asked is older. */
const checkOrder = (ledger: Ledger, images: readonly Body[]): void => {
  let newer: Body = undefined;
  let firstAnsweredAt = Infinity;
  for (const image of images) {
    if (newer !== undefined && image.CreationTime > newer.CreationTime)
      ledger.violated(
        `${image.ImageId} is older than ${newer.ImageId} and has a later CreationTime`,
      );
    newer = image;
    const entry = ledger.images.get(image.ImageId);
    if (entry === undefined) continue;
    // `entry` stands behind all seen so far: none of them may have been answered before it was asked.
    if (firstAnsweredAt < entry.askedAt)
      ledger.violated(
        `${image.ImageId} is listed as older than an image that was acknowledged first`,
      );
    firstAnsweredAt = Math.min(firstAnsweredAt, entry.answeredAt);
  }
};

const checkTasks = async (api: Api, ledger: Ledger): Promise<void> => {
  for (const entry of ledger.images.values()) {
    if (entry.taskId === '') continue;
    const parameters = { RegionId: REGION, TaskId: entry.taskId };
    const task = await api.must('DescribeTaskAttribute', parameters);
    const [outcome] = task.OperationProgressSet.OperationProgress;
    const good = entry.isGood ? 'Finished' : 'Failed';
    const expected = entry.fate === 'cancelled' ? 'Deleted' : good;
    if (task.TaskStatus !== expected)
      ledger.violated(`task of ${entry.imageId} is ${task.TaskStatus} and should be ${expected}`);
    if (expected === 'Failed' && !(outcome?.ErrorCode && outcome.ErrorMsg))
      ledger.violated(`task of ${entry.imageId} does not say why it failed`);
  }
};

const checkSnapshots = async (api: Api, ledger: Ledger): Promise<void> => {
  const rows = await api.all(
    'DescribeSnapshots',
    { RegionId: REGION },
    (body) => body.Snapshots.Snapshot,
  );
  const found = new Set(rows.map((row) => row.SnapshotId));
  for (const row of rows)
    if (row.Status !== 'accomplished')
      ledger.violated(`snapshot ${row.SnapshotId} is ${row.Status}`);
  for (const snapshotId of ledger.deletedSnapshots)
    if (found.has(snapshotId)) ledger.violated(`snapshot ${snapshotId} was deleted and is there`);
  for (const { imageId, snapshotId } of ledger.alive())
    if (snapshotId !== '' && !found.has(snapshotId))
      ledger.violated(`${imageId} lost its snapshot`);
};

/** The families' heads by the rule, by DescribeImageFamilies, by the question itself, by the journal. */
const checkHeads = async (
  api: Api,
  ledger: Ledger,
  images: readonly Body[],
  dataDir: string,
): Promise<void> => {
  const expected = new Map<string, string>();
  for (const { ImageId, ImageFamily, Status } of images)
    if (ImageFamily !== '' && Status === 'Available' && !expected.has(ImageFamily))
      expected.set(ImageFamily, ImageId);
  const families = await api.all(
    'DescribeImageFamilies',
    { RegionId: REGION },
    (body) => body.ImageFamilies.ImageFamily,
  );
  const rows = readRows(dataDir);
  for (const fault of rows.faults) ledger.violated(fault);
  for (const { ImageFamily, HeadImageId } of families) {
    const parameters = { RegionId: REGION, ImageFamily };
    const { Image } = await api.must('DescribeImageFromFamily', parameters);
    const told = [HeadImageId, Image.ImageId ?? '', rows.heads.get(ImageFamily) ?? ''];
    const head = expected.get(ImageFamily) ?? '';
    if (told.some((id) => id !== head))
      ledger.violated(
        `${ImageFamily} should name ${head}; list, question, journal: ${told.join(', ')}`,
      );
    if (head !== '') await checkDownload(api, ledger, head);
  }
  if (rows.heads.size !== expected.size)
    ledger.violated(`the journal knows ${rows.heads.size} heads and the list ${expected.size}`);
  for (const requestId of ledger.requestIds) {
    if (!rows.requestIds.has(requestId))
      ledger.violated(`request ${requestId} left no row in the journal`);
    if (!rows.recordedIds.has(requestId))
      ledger.violated(`request ${requestId} left no record in the audit trail`);
  }
};

const checkDownload = async (api: Api, ledger: Ledger, imageId: string): Promise<void> => {
  const content = await api.must('DescribeImageContent', { RegionId: REGION, ImageId: imageId });
  const { status, bytes } = await api.get(content.Disks.Disk[0].Url);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (status !== 200 || sha256 !== ledger.images.get(imageId)?.sha256)
    ledger.violated(`the bytes of the head ${imageId} are not those that were put (${status})`);
};

const checkContents = async (api: Api, ledger: Ledger): Promise<void> => {
  for (const { imageId, sha256, isGood } of ledger.alive()) {
    if (!isGood) continue;
    const answer = await api.call('DescribeImageContent', { RegionId: REGION, ImageId: imageId });
    const digest =
      answer.outcome === 'ok' ? answer.body.Disks.Disk[0].Digest : JSON.stringify(answer);
    if (digest !== `sha256:${sha256}`) ledger.violated(`${imageId} has the digest ${digest}`);
  }
};

/** A sweep may go on meanwhile: only what several runs repeat is a finding. */
const checkFsck = async (api: Api, ledger: Ledger): Promise<void> => {
  let found: Body;
  for (let i = 0; i < FSCK_TRIES; i++) {
    found = await api.must('Fsck');
    if (found.DifferenceCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  ledger.violated(`fsck: ${JSON.stringify(found.Differences.Difference.slice(0, 5))}`);
};
