// Waiting for work that goes on after the answer: an import has a task, a created image has a status.
// The same calls that any client would make, a line on a terminal, nothing where there is none.
import type { OperationData } from '../client/operation-data.ts';
import { valueText } from '../client/value-text.ts';
import type { Connection } from './connect.ts';
import type { Io } from './io.ts';
import { printable } from './layout.ts';

const FIRST_PAUSE_MS = 100;
const PAUSE_MS = 2_000;
const MAX_POLLS = 50_000;
const CLEAR_LINE = '\r\u001b[K';

/** The work has ended and failed, or was still going on when patience ran out. */
export class WorkFailed extends Error {
  override readonly name = 'WorkFailed';
}

type Sender = Pick<Connection, 'send'>;
type Answer = Readonly<Record<string, unknown>>;

interface Progress {
  status: string;
  progress: string;
  /** Set when the work has ended. */
  ended?: 'well' | 'badly';
  why?: string;
}

/** @throws WorkFailed */
export const waitForWork = async (
  connection: Sender,
  operation: OperationData,
  input: Answer,
  answer: Answer,
  io: Io,
): Promise<void> => {
  // A copy is where it goes to.
  const region = answer.RegionId ?? input.DestinationRegionId ?? input.RegionId;
  const subject = String(answer.VerificationId ?? answer.TaskId ?? answer.ImageId);
  const look = () =>
    typeof answer.VerificationId === 'string'
      ? verificationProgress(connection, subject)
      : typeof answer.TaskId === 'string'
        ? taskProgress(connection, region, subject)
        : imageProgress(connection, region, subject);
  const say = (text: string): void => {
    if (io.isErrTerminal) io.err(`${CLEAR_LINE}${text}`);
  };
  for (let poll = 0, pauseMs = FIRST_PAUSE_MS; poll < MAX_POLLS; poll++) {
    const { status, progress, ended, why } = await look();
    say(printable(`${operation.action} ${subject}: ${status} ${progress}`));
    if (ended !== undefined) say('');
    if (ended === 'well') return;
    if (ended === 'badly')
      throw new WorkFailed(
        `${operation.action} ${subject} ended ${status}${why ? `: ${why}` : ''}`,
      );
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(PAUSE_MS, pauseMs * 2);
  }
  throw new WorkFailed(`${operation.action} ${subject} is still going on`);
};

/** DescribeTasks tells neither how far a task is nor why it failed; this operation does. */
export const taskProgress = async (
  connection: Sender,
  RegionId: unknown,
  TaskId: string,
): Promise<Progress> => {
  const task = await connection.send('DescribeTaskAttribute', { RegionId, TaskId });
  const status = String(task.TaskStatus);
  const progress = valueText(task.TaskProcess);
  if (status === 'Finished') return { status, progress, ended: 'well' };
  if (status === 'Processing' || status === 'Waiting' || status === 'Pending')
    return { status, progress };
  const outcome = firstOf(task.OperationProgressSet, 'OperationProgress');
  return { status, progress, ended: 'badly', why: reason(outcome) };
};

const verificationProgress = async (
  connection: Sender,
  VerificationId: string,
): Promise<Progress> => {
  const run = await connection.send('DescribeVerification', { VerificationId });
  const [checked, total] = [Number(run.CheckedBytes), Number(run.TotalBytes)];
  const progress = `${total === 0 ? 100 : Math.min(100, Math.floor((checked / total) * 100))}%`;
  const status = String(run.Status);
  return status === 'Finished' ? { status, progress, ended: 'well' } : { status, progress };
};

const imageProgress = async (
  connection: Sender,
  RegionId: unknown,
  ImageId: string,
): Promise<Progress> => {
  const found = await connection.send('DescribeImages', { RegionId, ImageId, Status: 'ALL' });
  const image = firstOf(found.Images, 'Image');
  if (image === undefined) return { status: 'gone', progress: '', ended: 'badly' };
  const status = String(image.Status);
  const progress = valueText(image.Progress);
  if (status === 'Creating' || status === 'Waiting') return { status, progress };
  if (status === 'Available') return { status, progress, ended: 'well' };
  const failure = await connection.send('DescribeImageFailure', { RegionId, ImageId });
  const why = reason({ ErrorCode: failure.ErrorCode, ErrorMsg: failure.ErrorMessage });
  return { status, progress, ended: 'badly', why };
};

const firstOf = (set: unknown, name: string): Answer | undefined =>
  (set as Record<string, Answer[] | undefined> | undefined)?.[name]?.[0];

const reason = (outcome: Answer | undefined): string =>
  [outcome?.ErrorCode, outcome?.ErrorMsg].filter(Boolean).join(': ');
