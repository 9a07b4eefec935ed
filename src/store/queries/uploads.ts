// Uploads by a secret URL. Nothing here answers the hash of a secret.
import type { AccountId, UploadId } from '../../domain/ids.ts';
import type { Counted, PageOf } from '../../domain/tx.ts';
import type { Upload, UploadStatus } from '../../domain/upload.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';

const selectUploads = (db: QueryBuilder) =>
  db
    .selectFrom('upload')
    .select([
      'upload_id as uploadId',
      'account_id as accountId',
      'bucket',
      'object',
      'size_bytes as sizeBytes',
      'sha256',
      'status',
      'version',
      'message',
      'creation_ms as creationMs',
      'expires_ms as expiresMs',
    ]);

const uploadById = statement((db, arg: { uploadId: string }) =>
  selectUploads(db).where('upload_id', '=', arg.uploadId),
);
const uploadBySecret = statement((db, arg: { secretHash: string }) =>
  selectUploads(db).where('secret_hash', '=', arg.secretHash),
);
const uploadPage = statement((db, arg: PageOf & { accountId: string }) =>
  selectUploads(db)
    .where('account_id', '=', arg.accountId)
    .where('status', '<>', 'Deleting')
    .orderBy('creation_ms', 'desc')
    .orderBy('upload_id')
    .limit(arg.limit)
    .offset(arg.offset),
);
const uploadCount = statement((db, arg: { accountId: string }) =>
  db
    .selectFrom('upload')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('account_id', '=', arg.accountId)
    .where('status', '<>', 'Deleting'),
);
const openTotals = statement((db, arg: { accountId: string }) =>
  db
    .selectFrom('upload')
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      eb.fn.sum<number | null>('size_bytes').as('sizeBytes'),
    ])
    .where('account_id', '=', arg.accountId)
    .where('status', '=', 'Uploading'),
);
const openPage = statement((db, arg: { accountId: string; limit: number }) =>
  selectUploads(db)
    .where('account_id', '=', arg.accountId)
    .where('status', '=', 'Uploading')
    .orderBy('creation_ms')
    .orderBy('upload_id')
    .limit(arg.limit),
);
const spent = statement((db, arg: { nowMs: number; after: string; limit: number }) =>
  selectUploads(db)
    .where((eb) => eb.or([eb('status', '=', 'Deleting'), eb('expires_ms', '<=', arg.nowMs)]))
    .where('upload_id', '>', arg.after)
    .orderBy('upload_id')
    .limit(arg.limit),
);

export const uploadReads = (connection: Connection) => ({
  async upload(uploadId: string): Promise<Upload | undefined> {
    return (await connection.one(uploadById, { uploadId })) as Upload | undefined;
  },
  async uploadBySecret(secretHash: string): Promise<Upload | undefined> {
    return (await connection.one(uploadBySecret, { secretHash })) as Upload | undefined;
  },
  async uploads(accountId: AccountId, page: PageOf): Promise<Counted<Upload>> {
    const rows = (await connection.all(uploadPage, { accountId, ...page })) as Upload[];
    const count = await connection.one(uploadCount, { accountId });
    return { total: count?.total ?? 0, rows };
  },
  async openUploadTotals(accountId: AccountId): Promise<{ count: number; sizeBytes: number }> {
    const totals = await connection.one(openTotals, { accountId });
    return { count: totals?.count ?? 0, sizeBytes: totals?.sizeBytes ?? 0 };
  },
  async openUploads(accountId: AccountId, limit: number): Promise<Upload[]> {
    return (await connection.all(openPage, { accountId, limit })) as Upload[];
  },
  async spentUploads(nowMs: number, after: string, limit: number): Promise<Upload[]> {
    return (await connection.all(spent, { nowMs, after, limit })) as Upload[];
  },
});

const insertUpload = statement((db, arg: Upload & { secretHash: string }) =>
  db.insertInto('upload').values({
    upload_id: arg.uploadId,
    account_id: arg.accountId,
    bucket: arg.bucket,
    object: arg.object,
    size_bytes: arg.sizeBytes,
    sha256: arg.sha256,
    status: arg.status,
    version: arg.version,
    message: arg.message,
    secret_hash: arg.secretHash,
    creation_ms: arg.creationMs,
    expires_ms: arg.expiresMs,
  }),
);
const setStatus = statement(
  (db, arg: { uploadId: string; from: string; status: string; version: string; message: string }) =>
    db
      .updateTable('upload')
      .set({ status: arg.status, version: arg.version, message: arg.message })
      .where('upload_id', '=', arg.uploadId)
      .where('status', '=', arg.from),
);
const dropUpload = statement((db, arg: { uploadId: string }) =>
  db.deleteFrom('upload').where('upload_id', '=', arg.uploadId),
);

export const uploadWrites = (connection: Connection) => ({
  async insertUpload(upload: Upload, secretHash: string): Promise<void> {
    await connection.run(insertUpload, { ...upload, secretHash });
  },
  async setUploadStatus(
    uploadId: UploadId,
    from: UploadStatus,
    set: Pick<Upload, 'status' | 'version' | 'message'>,
  ): Promise<boolean> {
    return (await connection.run(setStatus, { uploadId, from, ...set })) === 1;
  },
  async deleteUploadRow(uploadId: UploadId): Promise<void> {
    await connection.run(dropUpload, { uploadId });
  },
});
