// What `kindred doctor` says of places in S3 that the settings name: whether they answer, and whether bytes can
// be listed, written, read and deleted there. Nothing is said when everything lies in files.
import { probePlaces, type ProbedPlace } from '../server/probe-places.ts';
import { StartRefused } from '../server/refusal.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const ADVICE: Readonly<Record<NonNullable<ProbedPlace['fault']>['step'], string>> = {
  sdk: 'bytes in S3 need it',
  reach: 'look at the endpoint in the address, at DNS and at the firewall between',
  list: 'the bucket must be there, and the key (AWS_ACCESS_KEY_ID) needs s3:ListBucket on it',
  write: 'the key needs s3:PutObject under the prefix',
  read: 'the key needs s3:GetObject under the prefix',
  delete:
    'the key needs s3:DeleteObject under the prefix: without it deleted images keep their bytes',
};

/** @param dataDir as given on the command line; undefined: by the environment */
export const checkStorage = async (
  dataDir: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> => {
  try {
    const flags = dataDir === undefined ? [] : ['--data', dataDir];
    return (await probePlaces(flags, environment)).map(findingOf);
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return [fail('the settings of a server are not right', error.message)];
  }
};

const findingOf = ({ place, fault }: ProbedPlace): Finding => {
  if (fault === undefined) return ok(`${place}: listed, written, read and deleted`);
  const { step, reason, leftKey } = fault;
  const left = leftKey === undefined ? '' : `; remove the object ${leftKey} by hand`;
  const text = `${place}: ${step} failed (${reason})`;
  return step === 'delete' ? warn(text, ADVICE[step] + left) : fail(text, ADVICE[step] + left);
};
