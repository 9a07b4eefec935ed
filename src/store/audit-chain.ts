// Gives records their place in the chain and writes them, as the last thing of a transaction: what was
// rolled back before then has drawn no number. The place moves on when the commit is done, not before, so
// that a transaction that fails leaves the chain where it was.
import type { AuditDraft } from '../domain/audit.ts';
import { CHAIN_START, chainText, hashOfText, type Link } from '../lib/hash-chain.ts';
import { statement, type Connection } from './statement.ts';

const last = statement((db) =>
  db.selectFrom('audit_record').select(['sequence', 'hash']).orderBy('sequence', 'desc').limit(1),
);
const lastCut = statement((db) =>
  db.selectFrom('audit_cut').select(['sequence', 'hash']).orderBy('sequence', 'desc').limit(1),
);
const insert = statement(
  (
    db,
    arg: Omit<AuditDraft, 'resources' | 'members'> &
      Link & { resources: string; record: string; hash: string },
  ) =>
    db.insertInto('audit_record').values({
      sequence: arg.sequence,
      time_ms: arg.timeMs,
      account_id: arg.accountId,
      principal: arg.principal,
      event_name: arg.eventName,
      request_id: arg.requestId,
      resources: arg.resources,
      record: arg.record,
      hash: arg.hash,
    }),
);

export class AuditChain {
  readonly #connection: Connection;
  #head: Link | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Writes the records into the open transaction; the place they end at, for `committed`. */
  async append(drafts: readonly AuditDraft[]): Promise<Link> {
    let place = (this.#head ??= await this.#read());
    for (const draft of drafts) {
      const record = chainText(place, draft.members);
      place = { sequence: place.sequence + 1, hash: hashOfText(record) };
      const resources = draft.resources.join('\n');
      await this.#connection.run(insert, { ...draft, resources, record, ...place });
    }
    return place;
  }

  /** The transaction that wrote up to `place` is on disk. */
  committed(place: Link): void {
    this.#head = place;
  }

  /** After a cut that took everything, the chain goes on from what was cut. */
  async #read(): Promise<Link> {
    return (
      (await this.#connection.one(last, {})) ??
      (await this.#connection.one(lastCut, {})) ??
      CHAIN_START
    );
  }
}
