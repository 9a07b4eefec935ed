// One record at the end of the audit trail of a database that no store has open, in the transaction that the
// caller has begun. While a store is open, its queue gives records their place (audit-chain.ts).
import type { DatabaseSync } from 'node:sqlite';
import type { AuditDraft } from '../../domain/audit.ts';
import { CHAIN_START, chainText, hashOfText, type Link } from '../../lib/hash-chain.ts';

export const appendRecord = (database: DatabaseSync, draft: AuditDraft): void => {
  const last = (table: 'audit_record' | 'audit_cut'): Link | undefined =>
    database
      .prepare(`SELECT sequence, hash FROM ${table} ORDER BY sequence DESC LIMIT 1`)
      .get() as unknown as Link | undefined; // a number and a text
  const previous = last('audit_record') ?? last('audit_cut') ?? CHAIN_START;
  const record = chainText(previous, draft.members);
  database
    .prepare(
      `INSERT INTO audit_record
       (sequence, time_ms, account_id, principal, event_name, request_id, resources, record, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      previous.sequence + 1,
      draft.timeMs,
      draft.accountId,
      draft.principal,
      draft.eventName,
      draft.requestId,
      draft.resources.join('\n'),
      record,
      hashOfText(record),
    );
};
