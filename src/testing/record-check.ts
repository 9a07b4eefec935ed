// That a call which changed something has left one record in the audit trail, and a call that only read has
// left none: asked after every call of every test that goes through the harness and goes well.
import assert from 'node:assert/strict';
import type { Store } from '../domain/tx.ts';
import type { Operation } from '../operation.ts';

const PAGE = 500;

export class RecordCheck {
  readonly #store: Pick<Store, 'read'>;
  /** RequestId → how many records tell of it. */
  readonly #counts = new Map<string, number>();
  #seen = 0;
  #looking: Promise<void> = Promise.resolve();

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store;
  }

  async check({ action, kind }: Operation, requestId: string): Promise<void> {
    const expected = kind === 'read' ? 0 : 1;
    // One after the other: calls end side by side, and a record counts once.
    await (this.#looking = this.#looking.then(() => this.#look()));
    const found = this.#counts.get(requestId) ?? 0;
    assert.equal(found, expected, `${action} has left ${found} records in the audit trail`);
  }

  /** Records of calls are there before their answer, whatever else goes on. */
  async #look(): Promise<void> {
    for (;;) {
      const rows = await this.#store.read((tx) => tx.auditRecordsAfter(this.#seen, PAGE));
      for (const { requestId, sequence } of rows) {
        this.#seen = Math.max(this.#seen, sequence);
        this.#counts.set(requestId, (this.#counts.get(requestId) ?? 0) + 1);
      }
      if (rows.length < PAGE) return;
    }
  }
}
