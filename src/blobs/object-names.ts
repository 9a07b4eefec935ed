const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const MAX_KEY_BYTES = 1023;

/** Names of files that are not objects yet begin so. */
export const UNFINISHED_PREFIX = '.kindred-';

export const isBucketName = (bucket: string): boolean => BUCKET_NAME.test(bucket);

/** Whether a key can name a file inside a bucket's folder, on any file system. */
export const isObjectKey = (object: string): boolean =>
  object !== '' &&
  object.isWellFormed() &&
  Buffer.byteLength(object) <= MAX_KEY_BYTES &&
  !/[\0\\]/.test(object) &&
  !object.toLowerCase().startsWith(UNFINISHED_PREFIX) &&
  object.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
