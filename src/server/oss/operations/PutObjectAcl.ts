import { requireObject } from '../require-object.ts';
import type { OssOperation } from '../operation.ts';

/** `x-oss-object-acl` other than private and default was refused before. */
export const PutObjectAcl: OssOperation = {
  name: 'PutObjectAcl',
  method: 'PUT',
  target: 'object',
  selector: 'acl',
  parameters: [],
  async run(context) {
    await requireObject(context);
    return { status: 200 };
  },
};
