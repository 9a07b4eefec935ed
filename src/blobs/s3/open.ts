// Opens a store in S3: the bucket must answer, know conditional writes, and belong to nobody else. A
// small object says whose the prefix is, since the sweep removes what its rows do not tell of.
import { text } from 'node:stream/consumers';
import type { Faults } from '../../lib/fault.ts';
import type { BlobStore } from '../blob-store.ts';
import { MARK, openS3, reasonOf, S3SdkMissing, statusOf, type S3Access } from './client.ts';
import { s3Address, type S3Settings } from './settings.ts';
import { makeS3Blobs } from './store.ts';

export interface OpenS3Options {
  settings: S3Settings;
  name: string;
  /** The whole text of the mark. */
  mark: string;
  /** Rows tell of bytes there: without its mark it is not the store that they lie in. */
  isExpected: boolean;
  faults: Faults;
}

/** Why the store cannot be used, in one sentence. */
export class S3Refused extends Error {
  override readonly name = 'S3Refused';
}

/** @throws S3Refused */
export const openS3Blobs = async (options: OpenS3Options): Promise<BlobStore> => {
  const { settings, name, faults } = options;
  try {
    const access = await openS3(settings);
    await claim(access, options);
    return makeS3Blobs({ access, name, faults });
  } catch (error) {
    if (error instanceof S3Refused) throw error;
    if (error instanceof S3SdkMissing) throw new S3Refused(error.message, { cause: error });
    throw new S3Refused(`${s3Address(settings)} cannot be used: ${reasonOf(error)}`, {
      cause: error,
    });
  }
};

const claim = async (access: S3Access, { mark, isExpected }: OpenS3Options): Promise<void> => {
  const where = s3Address(access.settings);
  let found = await readMark(access);
  if (found === undefined && isExpected)
    throw new S3Refused(
      `there are bytes of this Kindred in S3, and ${where} has no ${MARK}; give the address as before`,
    );
  if (found === undefined) {
    await writeMark(access, mark);
    // A server that lets the second through would let one blob overwrite another.
    if (await writeMark(access, mark))
      throw new S3Refused(`the server of ${where} does not heed If-None-Match, which is needed`);
    found = await readMark(access);
  }
  if (found !== mark)
    throw new S3Refused(
      `${where} is the store of another Kindred or region; choose another prefix`,
    );
};

const readMark = async ({ client, sdk, settings }: S3Access): Promise<string | undefined> => {
  const { bucket: Bucket, prefix } = settings;
  try {
    const found = await client.send(new sdk.GetObjectCommand({ Bucket, Key: prefix + MARK }));
    return await text(found.Body as import('node:stream').Readable); // in Node every body is one
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
};

/** False when there is one already. */
const writeMark = async ({ client, sdk, settings }: S3Access, Body: string): Promise<boolean> => {
  const { bucket: Bucket, prefix } = settings;
  try {
    await client.send(
      new sdk.PutObjectCommand({ Bucket, Key: prefix + MARK, Body, IfNoneMatch: '*' }),
    );
    return true;
  } catch (error) {
    if (statusOf(error) === 412) return false;
    throw error;
  }
};
