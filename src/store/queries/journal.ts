// What is remembered beside the resources: the journal of changes, tombstones, ClientTokens, nonces.
import type { Change } from '../../domain/change.ts';
import type { AccountId, RegionId } from '../../domain/ids.ts';
import type { Scope, TokenRow } from '../../domain/tx.ts';
import { statement, type Connection } from '../statement.ts';
import { scopeOf } from './images.ts';

const changesAfter = statement((db, arg: Scope & { afterChangeSeq: number; limit: number }) =>
  db
    .selectFrom('change')
    .select([
      'account_id as accountId',
      'region_id as regionId',
      'change_seq as changeSeq',
      'time_ms as timeMs',
      'kind',
      'image_id as imageId',
      'image_seq as imageSeq',
      'family_before as familyBefore',
      'family_after as familyAfter',
      'status_before as statusBefore',
      'status_after as statusAfter',
      'principal',
      'request_id as requestId',
    ])
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('change_seq', '>', arg.afterChangeSeq)
    .orderBy('change_seq')
    .limit(arg.limit),
);
const tokenOf = statement((db, arg: Scope & { action: string; clientToken: string }) =>
  db
    .selectFrom('token')
    .select(['input_hash as inputHash', 'output', 'expires_ms as expiresMs'])
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('action', '=', arg.action)
    .where('client_token', '=', arg.clientToken),
);

const idUsed = statement((db, arg: { resourceId: string }) =>
  db
    .selectFrom('tombstone')
    .select('resource_id as id')
    .where('resource_id', '=', arg.resourceId)
    .unionAll(
      db.selectFrom('image').select('image_id as id').where('image_id', '=', arg.resourceId),
    )
    .unionAll(
      db
        .selectFrom('snapshot')
        .select('snapshot_id as id')
        .where('snapshot_id', '=', arg.resourceId),
    ),
);

export const journalReads = (connection: Connection) => ({
  async isIdUsed(resourceId: string): Promise<boolean> {
    return (await connection.all(idUsed, { resourceId })).length > 0;
  },
  async changes(scope: Scope, afterChangeSeq: number, limit: number): Promise<Change[]> {
    const args = { ...scopeOf(scope), afterChangeSeq, limit };
    return (await connection.all(changesAfter, args)) as Change[];
  },
  async token(scope: Scope, action: string, clientToken: string): Promise<TokenRow | undefined> {
    return connection.one(tokenOf, { ...scopeOf(scope), action, clientToken });
  },
});

const insertChange = statement((db, arg: Change) =>
  db.insertInto('change').values({
    account_id: arg.accountId,
    region_id: arg.regionId,
    change_seq: arg.changeSeq,
    time_ms: arg.timeMs,
    kind: arg.kind,
    image_id: arg.imageId,
    image_seq: arg.imageSeq,
    family_before: arg.familyBefore,
    family_after: arg.familyAfter,
    status_before: arg.statusBefore,
    status_after: arg.statusAfter,
    principal: arg.principal,
    request_id: arg.requestId,
  }),
);
const insertTombstone = statement(
  (
    db,
    arg: {
      resourceId: string;
      accountId: string;
      regionId: string;
      resourceName: string;
      deletionMs: number;
    },
  ) =>
    db.insertInto('tombstone').values({
      resource_id: arg.resourceId,
      account_id: arg.accountId,
      region_id: arg.regionId,
      resource_name: arg.resourceName,
      deletion_ms: arg.deletionMs,
    }),
);
const insertToken = statement(
  (db, arg: Scope & TokenRow & { action: string; clientToken: string }) =>
    db
      .insertInto('token')
      .values({
        account_id: arg.accountId,
        region_id: arg.regionId,
        action: arg.action,
        client_token: arg.clientToken,
        input_hash: arg.inputHash,
        output: arg.output,
        expires_ms: arg.expiresMs,
      })
      .onConflict((oc) =>
        oc.columns(['account_id', 'region_id', 'action', 'client_token']).doUpdateSet((eb) => ({
          input_hash: eb.ref('excluded.input_hash'),
          output: eb.ref('excluded.output'),
          expires_ms: eb.ref('excluded.expires_ms'),
        })),
      ),
);
const insertNonce = statement((db, arg: { fingerprint: string; expiresMs: number }) =>
  db
    .insertInto('nonce')
    .values({ fingerprint: arg.fingerprint, expires_ms: arg.expiresMs })
    .onConflict((oc) => oc.doNothing()),
);
const dropTokens = statement((db, arg: { nowMs: number }) =>
  db.deleteFrom('token').where('expires_ms', '<', arg.nowMs),
);
/** Longer than any former head is asked for. */
const FORMER_HEAD_KEPT_MS = 60 * 60_000;
const dropFormerHeads = statement((db, arg: { beforeMs: number }) =>
  db.deleteFrom('former_head').where('until_ms', '<', arg.beforeMs),
);
const dropNonces = statement((db, arg: { nowMs: number }) =>
  db.deleteFrom('nonce').where('expires_ms', '<', arg.nowMs),
);

export const journalWrites = (connection: Connection) => ({
  async insertChange(change: Change): Promise<void> {
    await connection.run(insertChange, change);
  },
  async insertTombstone(tombstone: {
    resourceId: string;
    accountId: AccountId;
    regionId: RegionId;
    resourceName: string;
    deletionMs: number;
  }): Promise<void> {
    await connection.run(insertTombstone, tombstone);
  },
  async insertToken(
    scope: Scope,
    action: string,
    clientToken: string,
    row: TokenRow,
  ): Promise<void> {
    const { inputHash, output, expiresMs } = row;
    await connection.run(insertToken, {
      ...scopeOf(scope),
      action,
      clientToken,
      inputHash,
      output,
      expiresMs,
    });
  },
  async insertNonce(fingerprint: string, expiresMs: number): Promise<boolean> {
    return (await connection.run(insertNonce, { fingerprint, expiresMs })) === 1;
  },
  async deleteExpired(nowMs: number): Promise<void> {
    await connection.run(dropTokens, { nowMs });
    await connection.run(dropNonces, { nowMs });
    await connection.run(dropFormerHeads, { beforeMs: nowMs - FORMER_HEAD_KEPT_MS });
  },
});
