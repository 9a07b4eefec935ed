// The audit trail, its cuts and keys, and the daily counts of what was read. Records are appended by
// audit-chain.ts alone.
import { sql } from 'kysely';
import type {
  AuditHead,
  AuditKey,
  AuditPlace,
  AuditRecord,
  ImageUse,
  ImageUseFilter,
} from '../../domain/audit.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';

const selectRecords = (db: QueryBuilder) =>
  db
    .selectFrom('audit_record')
    .select([
      'sequence',
      'time_ms as timeMs',
      'account_id as accountId',
      'principal',
      'event_name as eventName',
      'request_id as requestId',
      'resources',
      'record',
      'hash',
    ]);

const head = statement((db) =>
  db.selectFrom('audit_record').select(['sequence', 'hash']).orderBy('sequence', 'desc').limit(1),
);
const cut = statement((db) =>
  db
    .selectFrom('audit_cut')
    .select(['sequence', 'hash', 'time_ms as timeMs'])
    .orderBy('sequence', 'desc')
    .limit(1),
);
const hashOf = statement((db, arg: { sequence: number }) =>
  db.selectFrom('audit_record').select('hash').where('sequence', '=', arg.sequence),
);
const after = statement((db, arg: { afterSequence: number; limit: number }) =>
  selectRecords(db).where('sequence', '>', arg.afterSequence).orderBy('sequence').limit(arg.limit),
);
const sequenceAt = statement((db, arg: { timeMs: number }) =>
  db
    .selectFrom('audit_record')
    .select('sequence')
    .where('time_ms', '>=', arg.timeMs)
    .orderBy('time_ms')
    .orderBy('sequence')
    .limit(1),
);
const selectFrom = (db: QueryBuilder, arg: AuditPlace & { limit: number }) =>
  selectRecords(db)
    .where('time_ms', '<=', arg.timeMs)
    .orderBy('time_ms', 'desc')
    .orderBy('sequence', 'desc')
    .limit(arg.limit)
    .offset(arg.skip);
const from = statement((db, arg: AuditPlace & { limit: number }) => selectFrom(db, arg));
const fromOfAccount = statement((db, arg: AuditPlace & { limit: number; accountId: string }) =>
  selectFrom(db, arg).where('account_id', '=', arg.accountId),
);
const keys = statement((db) =>
  db
    .selectFrom('audit_key')
    .select([
      'incarnation',
      'public_key as publicKey',
      'sealed_private_key as sealedPrivateKey',
      'creation_ms as creationMs',
    ])
    .orderBy('incarnation'),
);

/** Ids and names have no line breaks. */
const listOf = (resources: string): string[] => (resources === '' ? [] : resources.split('\n'));
const recordOf = (row: Omit<AuditRecord, 'resources'> & { resources: string }): AuditRecord => ({
  ...row,
  resources: listOf(row.resources),
});

export const auditReads = (connection: Connection) => ({
  auditHead: (): Promise<AuditHead | undefined> => connection.one(head, {}),
  auditCut: () => connection.one(cut, {}),
  async auditHashOf(sequence: number): Promise<string | undefined> {
    return (await connection.one(hashOf, { sequence }))?.hash;
  },
  async auditRecordsAfter(afterSequence: number, limit: number): Promise<AuditRecord[]> {
    return (await connection.all(after, { afterSequence, limit })).map(recordOf);
  },
  async auditSequenceAt(timeMs: number): Promise<number | undefined> {
    return (await connection.one(sequenceAt, { timeMs }))?.sequence;
  },
  async auditRecordsFrom(
    accountId: string | undefined,
    { timeMs, skip }: AuditPlace,
    limit: number,
  ): Promise<AuditRecord[]> {
    const rows =
      accountId === undefined
        ? await connection.all(from, { timeMs, skip, limit })
        : await connection.all(fromOfAccount, { accountId, timeMs, skip, limit });
    return rows.map(recordOf);
  },
  auditKeys: (): Promise<AuditKey[]> => connection.all(keys, {}),
  async imageUses(
    filter: ImageUseFilter,
    { limit, offset }: { limit: number; offset: number },
  ): Promise<{ total: number; rows: ImageUse[] }> {
    let fitting = connection.builder
      .selectFrom('image_use')
      .where('account_id', '=', filter.accountId)
      .where('day', '>=', filter.fromDay)
      .where('day', '<=', filter.toDay);
    if (filter.imageId !== undefined) fitting = fitting.where('image_id', '=', filter.imageId);
    if (filter.principal !== undefined) fitting = fitting.where('principal', '=', filter.principal);
    const [count] = await connection.query(
      fitting.select((eb) => eb.fn.countAll<number>().as('total')),
    );
    const rows = await connection.query(
      fitting
        .select([
          'day',
          'account_id as accountId',
          'image_id as imageId',
          'principal',
          'resolutions',
          'downloads',
          'bytes',
        ])
        .orderBy('day', 'desc')
        .orderBy('image_id')
        .orderBy('principal')
        .limit(limit)
        .offset(offset),
    );
    return { total: count?.total ?? 0, rows };
  },
});

const insertKey = statement((db, arg: AuditKey) =>
  db.insertInto('audit_key').values({
    incarnation: arg.incarnation,
    public_key: arg.publicKey,
    sealed_private_key: arg.sealedPrivateKey,
    creation_ms: arg.creationMs,
  }),
);
const deleteRecords = statement((db, arg: { sequence: number; limit: number }) =>
  db
    .deleteFrom('audit_record')
    .where(
      'sequence',
      'in',
      db
        .selectFrom('audit_record')
        .select('sequence')
        .where('sequence', '<=', arg.sequence)
        .orderBy('sequence')
        .limit(arg.limit),
    ),
);
const insertCut = statement((db, arg: AuditHead & { timeMs: number }) =>
  db
    .insertInto('audit_cut')
    .values({ sequence: arg.sequence, hash: arg.hash, time_ms: arg.timeMs }),
);
const addUse = statement((db, arg: ImageUse) =>
  db
    .insertInto('image_use')
    .values({
      day: arg.day,
      account_id: arg.accountId,
      image_id: arg.imageId,
      principal: arg.principal,
      resolutions: arg.resolutions,
      downloads: arg.downloads,
      bytes: arg.bytes,
    })
    .onConflict((oc) =>
      oc.columns(['account_id', 'day', 'image_id', 'principal']).doUpdateSet({
        resolutions: sql`image_use.resolutions + excluded.resolutions`,
        downloads: sql`image_use.downloads + excluded.downloads`,
        bytes: sql`image_use.bytes + excluded.bytes`,
      }),
    ),
);
const deleteUses = statement((db, arg: { beforeDay: string }) =>
  db.deleteFrom('image_use').where('day', '<', arg.beforeDay),
);

export const auditWrites = (connection: Connection) => ({
  async insertAuditKey(key: AuditKey): Promise<void> {
    await connection.run(insertKey, key);
  },
  deleteAuditRecords: (sequence: number, limit: number): Promise<number> =>
    connection.run(deleteRecords, { sequence, limit }),
  async insertAuditCut(made: AuditHead & { timeMs: number }): Promise<void> {
    await connection.run(insertCut, made);
  },
  async addImageUse(use: ImageUse): Promise<void> {
    await connection.run(addUse, use);
  },
  deleteImageUses: (beforeDay: string): Promise<number> =>
    connection.run(deleteUses, { beforeDay }),
});
