// The places in S3 that the settings of a server name, each tried out with a small object: for commands that
// look without starting a server.
import { probeS3, type S3Fault } from '../blobs/s3/probe.ts';
import { s3Address, type S3Settings } from '../blobs/s3/settings.ts';
import { readServeConfig } from './config.ts';

export interface ProbedPlace {
  /** `bytes in s3://bucket/prefix` */
  place: string;
  /** Undefined: it is well. */
  fault: S3Fault | undefined;
}

/** One after the other. @throws StartRefused when the settings are not right */
export const probePlaces = async (
  flags: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ProbedPlace[]> => {
  const { blobs, buckets, regionBlobs } = readServeConfig(flags, environment);
  const named: [what: string, settings: string | S3Settings | undefined][] = [
    ['bytes', blobs],
    ['buckets', buckets],
    ...Object.entries(regionBlobs).map(([region, settings]): [string, string | S3Settings] => [
      `bytes of ${region}`,
      settings,
    ]),
  ];
  const probed: ProbedPlace[] = [];
  for (const [what, settings] of named)
    if (settings !== undefined && typeof settings !== 'string')
      probed.push({ place: `${what} in ${s3Address(settings)}`, fault: await probeS3(settings) });
  return probed;
};
