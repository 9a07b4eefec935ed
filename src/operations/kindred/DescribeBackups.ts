import { integer, list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const DescribeBackups = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeBackups',
  kind: 'read',
  docs: {
    summary: 'Lists the backups that lie in a folder on the server’s host, oldest first.',
    notes: 'Reads what each backup says of itself, and none of its bytes.',
  },
  input: object({
    Directory: string({
      missing: 'MissingParameter',
      invalid: 'InvalidDirectory',
      minLength: 1,
      maxLength: 1024,
    }),
  }),
  output: object({
    Backups: object({
      Backup: list(
        object({
          BackupId: string(),
          CreationTime: string(),
          DatabaseBytes: integer(),
          BlobCount: integer(),
          BlobBytes: integer(),
          LostCount: integer({ description: 'Blobs that it could not take.' }),
          ImageCount: integer(),
          Incarnation: integer({ description: 'Grows by one with each restore.' }),
          MasterKeyId: string(),
          HasMasterKey: string(),
        }),
      ),
    }),
  }),
  errors: { NoPermission: 403, MissingParameter: 400, InvalidDirectory: 400 },
  cannotOccur: {},
  access: { action: 'kindred:DescribeBackups', operatorOnly: true, resource: () => '*' },
  example: {
    request: { Directory: '/mnt/backup/kindred' },
    response: {
      Backups: {
        Backup: [
          {
            BackupId: '20261124T171636Z',
            CreationTime: '2026-11-24T17:16:36Z',
            DatabaseBytes: 561_152,
            BlobCount: 14,
            BlobBytes: 9_663_676_416,
            LostCount: 0,
            ImageCount: 20,
            Incarnation: 1,
            MasterKeyId: '9f86d081884c7d65',
            HasMasterKey: 'False',
          },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const { backups } = ctx.installation;
    const refusal = await backups.refusalOf(input.Directory);
    if (refusal !== undefined) throw ctx.fail('InvalidDirectory', { message: `${refusal}.` });
    const found = await backups.list(input.Directory);
    return {
      Backups: {
        Backup: found.map((backup) => ({
          BackupId: backup.backupId,
          CreationTime: new Date(backup.creationMs).toISOString().replace(/\.\d+Z$/, 'Z'),
          DatabaseBytes: backup.databaseBytes,
          BlobCount: backup.blobCount,
          BlobBytes: backup.blobBytes,
          LostCount: backup.lostCount,
          ImageCount: backup.imageCount,
          Incarnation: backup.incarnation,
          MasterKeyId: backup.masterKeyId,
          HasMasterKey: backup.hasMasterKey ? 'True' : 'False',
        })),
      },
    };
  },
});
