import { formatSeconds } from '../../lib/clock.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { pageNumber, pageSize } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { ownUpload } from './shared/upload.ts';

const uploadSchema = object({
  UploadId: string(),
  Bucket: string(),
  Object: string(),
  SizeBytes: integer({ description: 'Size of the whole object.' }),
  UploadedBytes: integer({ description: 'How many of them are there.' }),
  Sha256: string({ description: 'What the bytes must hash to; empty when nothing was said.' }),
  Status: string({
    description:
      'Uploading, Finishing (all bytes are there), Finished (the object is there) or Failed.',
  }),
  Message: string({ description: 'Why it failed; empty otherwise.' }),
  CreationTime: string({ description: 'UTC, whole seconds.' }),
  ExpirationTime: string({ description: 'UTC, whole seconds.' }),
});

export const DescribeUploads = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeUploads',
  kind: 'read',
  docs: {
    summary: 'Lists the uploads of the account, newest first, and how far each is.',
    notes:
      'The URL of an upload is answered once, by CreateUpload, and kept nowhere. Uploads that have expired or been deleted are not listed; finished ones are, until they expire.',
  },
  input: object({
    UploadId: optional(
      string({
        description: 'Only this one.',
        maxLength: 64,
        invalid: 'EntityNotExist.Upload',
      }),
    ),
    PageNumber: pageNumber,
    PageSize: pageSize,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    Uploads: object({ Upload: list(uploadSchema) }),
  }),
  errors: { InvalidParameter: 400, 'EntityNotExist.Upload': 404 },
  cannotOccur: {},
  access: {
    action: 'kindred:DescribeUploads',
    resource: (input) => `upload/${input.UploadId ?? '*'}`,
  },
  example: {
    request: { PageSize: '50' },
    response: {
      PageNumber: 1,
      PageSize: 50,
      TotalCount: 1,
      Uploads: {
        Upload: [
          {
            UploadId: 'u-0001h5vcz3kqjw7x2m4n8p0',
            Bucket: 'builds',
            Object: 'nightly/disk.qcow2',
            SizeBytes: 1_073_741_824,
            UploadedBytes: 536_870_912,
            Sha256: '',
            Status: 'Uploading',
            Message: '',
            CreationTime: '2026-11-24T08:00:00Z',
            ExpirationTime: '2026-12-01T08:00:00Z',
          },
        ],
      },
    },
  },
  async handler(ctx, { UploadId, PageNumber = 1, PageSize = 10 }) {
    const { rows, total } =
      UploadId === undefined
        ? await ctx.tx.uploads(ctx.caller.accountId, {
            limit: PageSize,
            offset: (PageNumber - 1) * PageSize,
          })
        : { rows: [await ownUpload(ctx, UploadId)], total: 1 };
    const views = rows.map(async (upload) => ({
      UploadId: upload.uploadId,
      Bucket: upload.bucket,
      Object: upload.object,
      SizeBytes: upload.sizeBytes,
      UploadedBytes: await ctx.installation.uploadedBytes(upload),
      Sha256: upload.sha256,
      Status: upload.status,
      Message: upload.message,
      CreationTime: formatSeconds(upload.creationMs),
      ExpirationTime: formatSeconds(upload.expiresMs),
    }));
    return {
      PageNumber,
      PageSize,
      TotalCount: total,
      Uploads: { Upload: await Promise.all(views) },
    };
  },
});
