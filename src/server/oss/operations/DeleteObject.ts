import type { OssOperation } from '../operation.ts';

export const DeleteObject: OssOperation = {
  name: 'DeleteObject',
  method: 'DELETE',
  target: 'object',
  parameters: [],
  async run({ objects, request, caller, requestId }) {
    await objects.remove(request.bucket, request.key, { arn: caller.arn, requestId });
    return { status: 204 };
  },
};
