// Opens a way for bytes into a bucket: a secret URL, on which the tus protocol and a plain PUT work
// without a key. Whoever has the URL can write this one object and nothing else.
import { MAX_UPLOAD_BYTES, UPLOAD_FLOOR_BYTES, UPLOAD_MS } from '../../domain/upload.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { integer, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { requireBucketOfCaller } from './shared/upload.ts';

interface Facts {
  bucketExists: boolean;
  freeBytes: number;
  /** Of the account's open uploads; not counted where there is room for all that they promise. */
  arrivedBytes: number;
  secret: string;
  secretHash: string;
}

export const CreateUpload = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'CreateUpload',
  kind: 'write',
  docs: {
    summary: 'Opens an upload: a secret URL that takes the bytes of one object of a bucket.',
    notes:
      'The tus protocol (1.0.0) runs on the URL, so that any of its clients resumes there; `curl -T FILE URL` works too, and GET says how far it is. The URL needs no key: who has it can write this object until it expires, seven days later. The object is there once all bytes are on disk and, when `Sha256` was given, have that hash; one of the same name is replaced.',
  },
  input: object({
    Bucket: string({
      description: 'A bucket of the caller.',
      missing: 'MissingParameter',
      invalid: 'InvalidBucketName',
      maxLength: 63,
      pattern: '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$',
    }),
    Object: string({
      description: 'Name of the object; to be imported it must end in .qcow2, .raw, .vhd or .vmdk.',
      missing: 'MissingParameter',
      invalid: 'InvalidOSSObject.Malformed',
      maxLength: 1023,
    }),
    SizeBytes: integer({
      description: 'Size of the whole object in bytes, at most 2050 GiB.',
      missing: 'MissingParameter',
      invalid: 'InvalidSizeBytes',
      minimum: 1,
      maximum: MAX_UPLOAD_BYTES,
    }),
    Sha256: optional(
      string({
        description: 'What the bytes must hash to, 64 hexadecimal digits; others are thrown away.',
        invalid: 'InvalidSha256',
        pattern: '^[0-9A-Fa-f]{64}$',
      }),
    ),
  }),
  output: object({
    UploadId: string(),
    Url: string({ description: 'Path on this server; it is a secret.' }),
    ExpirationTime: string({ description: 'Until when it takes bytes, UTC.' }),
  }),
  errors: {
    MissingParameter: 400,
    InvalidBucketName: 400,
    'InvalidOSSObject.Malformed': 400,
    InvalidSizeBytes: 400,
    InvalidSha256: 400,
    'QuotaExceed.Upload': 403,
    'InvalidOSSBucket.NotFound': 404,
    'InsufficientStorage.Upload': 507,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:CreateUpload',
    resource: (input) => `bucket/${input.Bucket}/${input.Object}`,
  },
  example: {
    request: { Bucket: 'builds', Object: 'nightly/disk.qcow2', SizeBytes: '1073741824' },
    response: {
      UploadId: 'u-0001h5vcz3kqjw7x2m4n8p0',
      Url: '/uploads/Zk3m…',
      ExpirationTime: '2026-12-01T08:00:00Z',
    },
  },
  async prepare(ctx, input): Promise<Facts> {
    const { installation } = ctx;
    const bucketExists = await installation.bucketExists(input.Bucket);
    const freeBytes = bucketExists ? await installation.freeBytes(input.Bucket) : 0;
    const roomBytes = freeBytes - input.SizeBytes - UPLOAD_FLOOR_BYTES;
    return {
      bucketExists,
      freeBytes,
      arrivedBytes: await installation.arrivedUploadBytes(ctx.caller.accountId, roomBytes),
      ...installation.newUploadSecret(),
    };
  },
  async handler(ctx, input, facts) {
    const { tx, caller } = ctx;
    if (!ctx.installation.isObjectKey(input.Object))
      throw ctx.fail('InvalidOSSObject.Malformed', { parameter: 'Object' });
    await requireBucketOfCaller(ctx, input.Bucket, facts.bucketExists);
    const open = await tx.openUploadTotals(caller.accountId);
    if (open.count >= ctx.settings.quotas.openUploads) throw ctx.fail('QuotaExceed.Upload');
    // One account cannot promise the same room twice; nor can its promises keep the others out.
    const promisedBytes = Math.max(0, open.sizeBytes - facts.arrivedBytes);
    if (facts.freeBytes - promisedBytes - input.SizeBytes < UPLOAD_FLOOR_BYTES)
      throw ctx.fail('InsufficientStorage.Upload');
    const uploadId = ctx.newId('u-', '');
    const expiresMs = ctx.nowMs + UPLOAD_MS;
    await tx.insertUpload(
      {
        uploadId,
        accountId: caller.accountId,
        bucket: input.Bucket,
        object: input.Object,
        sizeBytes: input.SizeBytes,
        sha256: (input.Sha256 ?? '').toLowerCase(),
        status: 'Uploading',
        version: '',
        message: '',
        creationMs: ctx.nowMs,
        expiresMs,
      },
      facts.secretHash,
    );
    return {
      UploadId: uploadId,
      Url: `/uploads/${facts.secret}`,
      ExpirationTime: formatSeconds(expiresMs),
    };
  },
});
