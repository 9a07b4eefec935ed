// The one place that loads the S3 SDK, when a store in S3 is configured, and that turns its errors into
// ours. A fault of the network or of the server says nothing about the bytes.
import { StoreUnavailable } from '../blob-store.ts';
import { errorCode } from '../file-error.ts';
import { s3Address, type S3Settings } from './settings.ts';

export type S3Sdk = typeof import('@aws-sdk/client-s3');
export type S3Client = import('@aws-sdk/client-s3').S3Client;

/** The SDK is not installed; the message names the command. */
export class S3SdkMissing extends Error {
  override readonly name = 'S3SdkMissing';
}

const CONNECT_MS = 5_000;
/** Without a byte from the server for so long, a request has failed. */
const IDLE_MS = 60_000;

export interface S3Access {
  settings: S3Settings;
  sdk: S3Sdk;
  client: S3Client;
  /** Key of a small object: as long as it is there, so is the store. */
  mark: string;
}

/** The mark of a store of blobs, which says whose it is. */
export const MARK = 'kindred-store.json';
/** The mark of buckets. */
export const BUCKETS_MARK = 'kindred-buckets.json';

/** @throws S3SdkMissing */
export const openS3 = async (settings: S3Settings, mark = MARK): Promise<S3Access> => {
  const sdk = await loadSdk(() => import('@aws-sdk/client-s3'));
  const { endpoint, region, forcePathStyle } = settings;
  const client = new sdk.S3Client({
    region,
    forcePathStyle,
    ...(endpoint !== undefined && { endpoint }),
    // Checksums beyond the signature are not known to every server that speaks the protocol.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: IDLE_MS },
  });
  return { settings, sdk, client, mark };
};

export const loadSdk = async <T>(load: () => Promise<T>): Promise<T> => {
  try {
    return await load();
  } catch (error) {
    if (!errorCode(error).endsWith('MODULE_NOT_FOUND')) throw error;
    throw new S3SdkMissing(
      'bytes in S3 need two packages; run: npm install @aws-sdk/client-s3 @aws-sdk/lib-storage',
      { cause: error },
    );
  }
};

/** The HTTP status of an answer that is an error; undefined when there was no answer. */
export const statusOf = (error: unknown): number | undefined => {
  const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return metadata?.httpStatusCode;
};

/** The bucket itself is not there: that is never an answer about an object. */
export const isNoSuchBucket = (error: unknown): boolean =>
  error instanceof Error && error.name === 'NoSuchBucket';

/** For an error that is no answer about a blob. */
export const unavailable = (settings: S3Settings, error: unknown): Error => {
  if (error instanceof StoreUnavailable || error instanceof RangeError) return error;
  return new StoreUnavailable(`${s3Address(settings)}: ${reasonOf(error)}`, { cause: error });
};

/** One line, without anything that was signed. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'an unknown error';
  const status = statusOf(error);
  const what = [error.name, errorCode(error)].filter((word) => word !== '' && word !== 'Error');
  const message = error.message.split('\n')[0] ?? '';
  return `${[...new Set(what)].join(' ')} ${message}${status ? ` (HTTP ${status})` : ''}`.trim();
};
