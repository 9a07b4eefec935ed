import { boolean, integer, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const CreateBackup = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'CreateBackup',
  kind: 'write',
  docs: {
    summary: 'Begins a backup of the whole installation into a folder on the server’s host.',
    notes:
      'The database is copied as of one commit, while calls go on; then every blob that it names and that the folder does not hold yet. DescribeBackup tells how far it is. Several backups lie in one folder and share their bytes. The objects in buckets are not in it, and the master key only with `WithMasterKey`: without that key no secret in the backup can be opened.',
  },
  input: object({
    Directory: string({
      description:
        'Absolute path on the server’s host: an empty folder, or one that holds earlier backups of this installation.',
      missing: 'MissingParameter',
      invalid: 'InvalidDirectory',
      minLength: 1,
      maxLength: 1024,
    }),
    WithMasterKey: optional(
      boolean({
        description:
          'Also writes the master key into the folder: whoever reads it can then open every secret.',
        default: false,
        invalid: 'InvalidParameter',
      }),
    ),
    Keep: optional(
      integer({
        description: 'Afterwards the newest so many backups stay there; default all.',
        minimum: 1,
        maximum: 10_000,
        invalid: 'InvalidParameter',
      }),
    ),
  }),
  output: object({
    BackupId: string(),
    MasterKeyId: string({ description: 'Names the master key without telling it.' }),
  }),
  errors: {
    NoPermission: 403,
    MissingParameter: 400,
    InvalidParameter: 400,
    InvalidDirectory: 400,
    'Operation.Conflict': 403,
  },
  cannotOccur: {},
  access: { action: 'kindred:CreateBackup', operatorOnly: true, resource: () => '*' },
  example: {
    request: { Directory: '/mnt/backup/kindred' },
    response: { BackupId: '20261124T171636Z', MasterKeyId: '9f86d081884c7d65' },
  },
  async prepare(ctx, input): Promise<{ backupId: string }> {
    const { backups } = ctx.installation;
    const refusal = await backups.refusalOf(input.Directory);
    if (refusal !== undefined) throw ctx.fail('InvalidDirectory', { message: `${refusal}.` });
    return { backupId: await backups.newBackupId(input.Directory, ctx.nowMs) };
  },
  async handler(ctx, input, { backupId }) {
    const { backups } = ctx.installation;
    if (backups.isRunning)
      throw ctx.fail('Operation.Conflict', { message: 'A backup is going on already.' });
    ctx.tx.afterCommit(() =>
      backups.begin({
        backupId,
        directory: input.Directory,
        withMasterKey: input.WithMasterKey === true,
        ...(input.Keep !== undefined && { keep: input.Keep }),
        creationMs: ctx.nowMs,
      }),
    );
    return { BackupId: backupId, MasterKeyId: backups.masterKeyId };
  },
});
