import type { OssOperation } from '../operation.ts';

/** `x-oss-acl` other than private was refused before. */
export const PutBucketAcl: OssOperation = {
  name: 'PutBucketAcl',
  method: 'PUT',
  target: 'bucket',
  selector: 'acl',
  parameters: [],
  run: () => Promise.resolve({ status: 200 }),
};
