import { integer, list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

/** Lost blobs in an answer; `LostCount` counts them all. */
const MAX_LISTED = 1000;

export const DescribeBackup = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeBackup',
  kind: 'read',
  docs: {
    summary: 'Tells how far a backup is that this server began, and how it ended.',
    notes:
      'Known are the last 16 backups since the server’s start; DescribeBackups lists what lies in a folder. Blobs that no store has whole are `Lost`: the backup is made without them.',
  },
  input: object({
    BackupId: string({
      missing: 'MissingParameter',
      invalid: 'InvalidBackupId.NotFound',
      maxLength: 64,
    }),
  }),
  output: object({
    BackupId: string(),
    Directory: string(),
    Status: string({ description: 'Running, Finished or Failed.' }),
    Phase: string({ description: 'database, blobs, record or prune.' }),
    DatabaseBytes: integer(),
    BlobCount: integer({ description: 'Blobs that the database names.' }),
    BlobBytes: integer(),
    NewBlobCount: integer({ description: 'Of these, what the folder did not hold.' }),
    NewBytes: integer(),
    CopiedBytes: integer(),
    PrunedCount: integer({ description: 'Older backups that `Keep` took away.' }),
    MasterKeyId: string(),
    HasMasterKey: string({ description: '`True` when the folder got the master key.' }),
    LostCount: integer(),
    LostBlobs: object({
      LostBlob: list(object({ Digest: string(), SizeBytes: integer(), Reason: string() })),
    }),
    ErrorCode: string({ description: 'Empty unless it failed.' }),
    ErrorMessage: string(),
  }),
  errors: { NoPermission: 403, MissingParameter: 400, 'InvalidBackupId.NotFound': 404 },
  cannotOccur: {},
  access: { action: 'kindred:DescribeBackup', operatorOnly: true, resource: () => '*' },
  example: {
    request: { BackupId: '20261124T171636Z' },
    response: {
      BackupId: '20261124T171636Z',
      Directory: '/mnt/backup/kindred',
      Status: 'Finished',
      Phase: 'prune',
      DatabaseBytes: 561_152,
      BlobCount: 14,
      BlobBytes: 9_663_676_416,
      NewBlobCount: 1,
      NewBytes: 734_003_200,
      CopiedBytes: 734_003_200,
      PrunedCount: 0,
      MasterKeyId: '9f86d081884c7d65',
      HasMasterKey: 'False',
      LostCount: 0,
      LostBlobs: { LostBlob: [] },
      ErrorCode: '',
      ErrorMessage: '',
    },
  },
  async handler(ctx, input) {
    const run = ctx.installation.backups.run(input.BackupId);
    if (run === undefined) throw ctx.fail('InvalidBackupId.NotFound');
    return {
      BackupId: run.backupId,
      Directory: run.directory,
      Status: run.status,
      Phase: run.phase,
      DatabaseBytes: run.databaseBytes,
      BlobCount: run.blobCount,
      BlobBytes: run.blobBytes,
      NewBlobCount: run.newBlobCount,
      NewBytes: run.newBytes,
      CopiedBytes: run.copiedBytes,
      PrunedCount: run.prunedCount,
      MasterKeyId: run.masterKeyId,
      HasMasterKey: run.withMasterKey ? 'True' : 'False',
      LostCount: run.lost.length,
      LostBlobs: {
        LostBlob: run.lost.slice(0, MAX_LISTED).map(({ digest, sizeBytes, reason }) => ({
          Digest: digest,
          SizeBytes: sizeBytes,
          Reason: reason,
        })),
      },
      ErrorCode: run.errorCode,
      ErrorMessage: run.errorMessage,
    };
  },
});
