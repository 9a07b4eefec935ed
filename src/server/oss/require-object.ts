import { OssError } from './error.ts';
import type { OssContext } from './operation.ts';

/** @throws OssError when the request names no object that is there */
export const requireObject = async ({
  objects,
  request: { bucket, key },
}: OssContext): Promise<void> => {
  if ((await objects.buckets.statObject(bucket, key)) === undefined)
    throw new OssError('NoSuchKey', undefined, { Key: key });
};
