import { boolean, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { ownUpload, uploadIdParameter } from './shared/upload.ts';

export const DeleteUpload = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DeleteUpload',
  kind: 'write',
  docs: {
    summary: 'Ends an upload and removes what has come; its URL opens nothing from then on.',
    notes:
      'The object of a finished upload stays, unless `WithObject` is true: then it is removed too, if it is still the very file that was uploaded. An image that was imported from it has its own copy of the bytes.',
  },
  input: object({
    UploadId: uploadIdParameter,
    WithObject: optional(
      boolean({ description: 'Also remove the object that the upload has made. Default false.' }),
    ),
  }),
  output: object({}),
  errors: { MissingParameter: 400, 'EntityNotExist.Upload': 404 },
  cannotOccur: {},
  access: {
    action: 'kindred:DeleteUpload',
    resource: (input) => `upload/${input.UploadId}`,
  },
  example: { request: { UploadId: 'u-0001h5vcz3kqjw7x2m4n8p0' }, response: {} },
  async handler(ctx, { UploadId, WithObject }) {
    const { tx, installation } = ctx;
    const upload = await ownUpload(ctx, UploadId);
    // Without its version the object cannot be told from another of that name, and stays.
    const version = WithObject === true ? upload.version : '';
    await tx.setUploadStatus(upload.uploadId, upload.status, {
      status: 'Deleting',
      version,
      message: '',
    });
    tx.afterCommit(() => installation.uploadsDeleted());
    return {};
  },
});
