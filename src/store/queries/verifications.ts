// Which copies are due to be read again, which are lost, and what verifications have counted. A change
// of a placement names what was read of it, so that a copy that was deleted or replaced meanwhile is
// left alone.
import { sql } from 'kysely';
import type {
  Damage,
  DuePlacement,
  LostPlacement,
  Verification,
  VerificationCounts,
} from '../../domain/blob.ts';
import type { Digest } from '../../domain/ids.ts';
import type { Counted, PageOf } from '../../domain/tx.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';

const READ = ['present', 'damaged', 'missing'] as const;

const selectDue = (db: QueryBuilder) =>
  db
    .selectFrom('placement')
    .innerJoin('blob', 'blob.digest', 'placement.digest')
    .select([
      'placement.digest as digest',
      'placement.store as store',
      'placement.state as state',
      'placement.verified_ms as verifiedMs',
      'blob.size_bytes as sizeBytes',
    ])
    .where('placement.state', 'in', READ)
    .where('blob.state', 'in', ['present', 'damaged']);

const due = statement((db, arg: { beforeMs: number; limit: number }) =>
  selectDue(db)
    .where('placement.verified_ms', '<', arg.beforeMs)
    .orderBy('placement.verified_ms')
    .orderBy('placement.digest')
    .orderBy('placement.store')
    .limit(arg.limit),
);
const dueTotals = statement((db, arg: { beforeMs: number }) =>
  db
    .selectFrom('placement')
    .innerJoin('blob', 'blob.digest', 'placement.digest')
    .select((eb) => [
      eb.fn.countAll<number>().as('blobs'),
      eb.fn.coalesce(eb.fn.sum<number>('blob.size_bytes'), eb.lit(0)).as('bytes'),
    ])
    .where('placement.state', 'in', READ)
    .where('blob.state', 'in', ['present', 'damaged'])
    .where('placement.verified_ms', '<', arg.beforeMs),
);
const IS_LOST = sql<boolean>`placement.state IN ('damaged', 'missing')`;
const IS_SERVED = sql<number>`EXISTS (SELECT 1 FROM placement AS other
  WHERE other.digest = placement.digest AND other.state = 'present')`;
const repairable = statement((db, arg: { beforeMs: number; limit: number }) =>
  selectDue(db)
    .where(IS_LOST)
    .where('placement.verified_ms', '<', arg.beforeMs)
    .where(sql<boolean>`${IS_SERVED}`)
    .orderBy('placement.digest')
    .orderBy('placement.store')
    .limit(arg.limit),
);
const lost = statement((db, arg: { limit: number; offset: number }) =>
  db
    .selectFrom('placement')
    .innerJoin('blob', 'blob.digest', 'placement.digest')
    .select([
      'placement.digest as digest',
      'placement.store as store',
      'placement.damage as damage',
      'placement.damaged_ms as damagedMs',
      'blob.size_bytes as sizeBytes',
      IS_SERVED.as('isServed'),
    ])
    .where(IS_LOST)
    .orderBy('placement.digest')
    .orderBy('placement.store')
    .limit(arg.limit)
    .offset(arg.offset),
);
const lostCount = statement((db) =>
  db
    .selectFrom('placement')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where(IS_LOST),
);
const oldest = statement((db) =>
  db
    .selectFrom('placement')
    .select('verified_ms')
    .where('state', 'in', READ)
    .orderBy('verified_ms')
    .limit(1),
);
const selectVerifications = (db: QueryBuilder) =>
  db
    .selectFrom('verification')
    .select([
      'verification_id as verificationId',
      'start_ms as startMs',
      'finish_ms as finishMs',
      'total_blobs as totalBlobs',
      'total_bytes as totalBytes',
      'checked_blobs as checkedBlobs',
      'checked_bytes as checkedBytes',
      'damaged_blobs as damagedBlobs',
      'repaired_blobs as repairedBlobs',
    ]);
const newest = statement((db) =>
  selectVerifications(db).orderBy('start_ms', 'desc').orderBy('verification_id', 'desc').limit(1),
);
const byId = statement((db, arg: { verificationId: string }) =>
  selectVerifications(db).where('verification_id', '=', arg.verificationId),
);

export const verificationReads = (connection: Connection) => ({
  async duePlacements(beforeMs: number, limit: number): Promise<DuePlacement[]> {
    return (await connection.all(due, { beforeMs, limit })) as DuePlacement[];
  },
  async dueTotals(beforeMs: number): Promise<{ blobs: number; bytes: number }> {
    const row = await connection.one(dueTotals, { beforeMs });
    return { blobs: row?.blobs ?? 0, bytes: Number(row?.bytes ?? 0) };
  },
  async repairablePlacements(beforeMs: number, limit: number): Promise<DuePlacement[]> {
    return (await connection.all(repairable, { beforeMs, limit })) as DuePlacement[];
  },
  async lostPlacements({ limit, offset }: PageOf): Promise<Counted<LostPlacement>> {
    const count = await connection.one(lostCount, {});
    const rows = await connection.all(lost, { limit, offset });
    return {
      total: count?.total ?? 0,
      rows: rows.map((row) => ({
        ...row,
        digest: row.digest as Digest,
        damage: row.damage as Damage,
        isServed: row.isServed === 1,
      })),
    };
  },
  async oldestVerifiedMs(): Promise<number | undefined> {
    return (await connection.one(oldest, {}))?.verified_ms;
  },
  async verification(verificationId?: string): Promise<Verification | undefined> {
    return verificationId === undefined
      ? connection.one(newest, {})
      : connection.one(byId, { verificationId });
  },
});

const setVerified = statement(
  (db, arg: { digest: string; store: string; state: string; verifiedMs: number }) =>
    db
      .updateTable('placement')
      .set({ verified_ms: arg.verifiedMs })
      .where('digest', '=', arg.digest)
      .where('store', '=', arg.store)
      .where('state', '=', arg.state),
);
const lose = statement(
  (
    db,
    arg: {
      digest: string;
      store: string;
      from: string;
      verifiedMs: number;
      to: string;
      damage: string;
      nowMs: number;
    },
  ) =>
    db
      .updateTable('placement')
      .set({ state: arg.to, damage: arg.damage, damaged_ms: arg.nowMs, verified_ms: arg.nowMs })
      .where('digest', '=', arg.digest)
      .where('store', '=', arg.store)
      .where('state', '=', arg.from)
      .where('verified_ms', '=', arg.verifiedMs),
);
const add = statement(
  (
    db,
    arg: {
      verificationId: string;
      checkedBlobs: number;
      checkedBytes: number;
      damagedBlobs: number;
      repairedBlobs: number;
    },
  ) =>
    db
      .updateTable('verification')
      .set((eb) => ({
        checked_blobs: eb('checked_blobs', '+', arg.checkedBlobs),
        checked_bytes: eb('checked_bytes', '+', arg.checkedBytes),
        damaged_blobs: eb('damaged_blobs', '+', arg.damagedBlobs),
        repaired_blobs: eb('repaired_blobs', '+', arg.repairedBlobs),
      }))
      .where('verification_id', '=', arg.verificationId),
);
const finish = statement((db, arg: { verificationId: string; finishMs: number }) =>
  db
    .updateTable('verification')
    .set({ finish_ms: arg.finishMs })
    .where('verification_id', '=', arg.verificationId),
);
const trim = statement((db, arg: { keep: number }) =>
  db
    .deleteFrom('verification')
    .where('finish_ms', 'is not', null)
    .where(
      'verification_id',
      'not in',
      db
        .selectFrom('verification as newer')
        .select('newer.verification_id')
        .orderBy('newer.start_ms', 'desc')
        .orderBy('newer.verification_id', 'desc')
        .limit(arg.keep),
    ),
);

export const verificationWrites = (connection: Connection) => ({
  async setVerified(
    { digest, store, state }: Pick<DuePlacement, 'digest' | 'store' | 'state'>,
    verifiedMs: number,
  ): Promise<boolean> {
    return (await connection.run(setVerified, { digest, store, state, verifiedMs })) === 1;
  },
  async losePlacement(
    { digest, store, state, verifiedMs }: DuePlacement,
    damage: Damage,
    nowMs: number,
  ): Promise<boolean> {
    const to = damage === 'FILE_MISSING' ? 'missing' : 'damaged';
    const set = { digest, store, from: state, verifiedMs, to, damage, nowMs };
    return (await connection.run(lose, set)) === 1;
  },
  async insertVerification(verification: Verification): Promise<void> {
    await connection.change(
      connection.builder.insertInto('verification').values({
        verification_id: verification.verificationId,
        start_ms: verification.startMs,
        finish_ms: verification.finishMs,
        total_blobs: verification.totalBlobs,
        total_bytes: verification.totalBytes,
        checked_blobs: verification.checkedBlobs,
        checked_bytes: verification.checkedBytes,
        damaged_blobs: verification.damagedBlobs,
        repaired_blobs: verification.repairedBlobs,
      }),
    );
  },
  async addToVerification(
    verificationId: string,
    counts: Partial<VerificationCounts>,
  ): Promise<void> {
    const nothing = { checkedBlobs: 0, checkedBytes: 0, damagedBlobs: 0, repairedBlobs: 0 };
    await connection.run(add, { verificationId, ...nothing, ...counts });
  },
  async finishVerification(verificationId: string, finishMs: number): Promise<void> {
    await connection.run(finish, { verificationId, finishMs });
  },
  async trimVerifications(keep: number): Promise<void> {
    await connection.run(trim, { keep });
  },
});
