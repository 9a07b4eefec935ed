// Looks whether a place in S3 can be used, by doing to a small object what Kindred does to bytes: list, write,
// read, delete. The object has a name of its own and goes again; where it cannot go, its name is told.
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { openS3, reasonOf, S3SdkMissing, statusOf, type S3Access } from './client.ts';
import type { S3Settings } from './settings.ts';

export type S3Step = 'sdk' | 'reach' | 'list' | 'write' | 'read' | 'delete';

export interface S3Fault {
  step: S3Step;
  /** One line, without a secret. */
  reason: string;
  /** The object that may still be there. */
  leftKey?: string;
}

/** Undefined when all of it went well. */
export const probeS3 = async (settings: S3Settings): Promise<S3Fault | undefined> => {
  let step: S3Step = 'sdk';
  const Key = `${settings.prefix}kindred-doctor-${randomUUID()}`;
  let access: S3Access | undefined;
  try {
    access = await openS3(settings);
    const { client, sdk } = access;
    const { bucket: Bucket, prefix } = settings;
    step = 'list';
    await client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 }));
    step = 'write';
    await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: Key }));
    step = 'read';
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key }));
    if ((await text(Body as Readable)) !== Key)
      // in Node every body is one
      return { step, reason: 'it gave back other bytes than were written', leftKey: Key };
    step = 'delete';
    await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }));
    return undefined;
  } catch (error) {
    if (error instanceof S3SdkMissing) return { step, reason: error.message };
    const isLeft = step === 'read' || step === 'delete';
    const isAnswer = statusOf(error) !== undefined;
    return {
      step: isAnswer ? step : 'reach',
      reason: reasonOf(error),
      ...(isLeft && { leftKey: Key }),
    };
  } finally {
    access?.client.destroy();
  }
};
