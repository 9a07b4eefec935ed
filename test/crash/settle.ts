// After a restart: every lost answer is found out (by the ClientToken, or by looking), and every job
// comes to its end. Nothing is judged here but what is judged by waiting: that things end.
import type { Api } from './api.ts';
import { REGION } from './client.ts';
import type { Ledger, LostChange } from './ledger.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const DEADLINE_MS = 30_000;
const POLL_MS = 20;

/** Resolves once `isSo`; false when it does not come true. */
export const eventually = async (isSo: () => Promise<boolean> | boolean): Promise<boolean> => {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
};

/** The same call with the same token: it had its effect once, or has it now. */
export const resolveLostAccepts = async (api: Api, ledger: Ledger): Promise<void> => {
  for (const lost of ledger.lostAccepts.splice(0)) {
    const answer = await api.call(lost.origin, lost.parameters);
    if (answer.outcome === 'ok') ledger.accepted(lost, answer.body);
    else if (answer.outcome === 'unknown') ledger.lostAccepts.push(lost);
    else if (lost.origin === 'ImportImage' || answer.code !== 'InvalidSnapshotId.NotFound')
      ledger.violated(`the retry of ${lost.parameters.ImageName} was refused: ${answer.code}`);
  }
};

/** A retry of what was acknowledged has no second effect, also after the image has gone. */
export const retryAcknowledged = async (api: Api, ledger: Ledger, count: number): Promise<void> => {
  for (const entry of [...ledger.images.values()].slice(-count)) {
    const answer = await api.call(entry.origin, entry.parameters);
    const found = answer.outcome === 'ok' ? answer.body.ImageId : JSON.stringify(answer);
    if (found !== entry.imageId)
      ledger.violated(`the retry of ${entry.imageName} gave ${found} instead of ${entry.imageId}`);
  }
};

const rowsLeft = async (api: Api): Promise<number> => {
  const images = await api.must('DescribeImages', { RegionId: REGION, Status: 'Creating,Waiting' });
  const tasks = await api.must('DescribeTasks', { RegionId: REGION, TaskStatus: 'Processing' });
  return images.TotalCount + tasks.TotalCount;
};

export const awaitEnd = async (api: Api, ledger: Ledger, dataDir: string): Promise<void> => {
  if (!(await eventually(async () => (await rowsLeft(api)) === 0)))
    ledger.violated('an image or a task never ended');
  const staging = join(dataDir, 'staging');
  if (!(await eventually(() => readdirSync(staging).length === 0)))
    ledger.violated(`staged files stayed: ${readdirSync(staging).join(', ')}`);
};

const isDone = async (api: Api, lost: LostChange): Promise<boolean> => {
  if (lost.change === 'snapshot-deleted') {
    const parameters = { RegionId: REGION, SnapshotIds: JSON.stringify([lost.snapshotId]) };
    return (await api.must('DescribeSnapshots', parameters)).TotalCount === 0;
  }
  const parameters = { RegionId: REGION, ImageId: lost.entry.imageId, Status: 'ALL' };
  const [image] = (await api.must('DescribeImages', parameters)).Images.Image;
  switch (lost.change) {
    case 'family':
      return image?.ImageFamily === lost.to;
    case 'deprecated':
      return image !== undefined && (image.Status === 'Deprecated') === lost.to;
    default:
      return image === undefined;
  }
};

/** A change without a token is there as a whole or not at all: what can be seen of it decides. */
export const resolveLostChanges = async (api: Api, ledger: Ledger): Promise<void> => {
  for (const lost of ledger.lostChanges.splice(0)) if (await isDone(api, lost)) ledger.apply(lost);
};
