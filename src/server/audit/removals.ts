// What the sweep removes by itself, for the audit trail: one record for each pass that has removed anything,
// with how many things of each kind and the names of the first. What an operator asks for is the record of
// his call.
import { MOST_RESOURCES, recordService } from '../../domain/audit-event.ts';
import type { FoundGarbage } from '../../domain/garbage.ts';
import type { Actor, Store } from '../../domain/tx.ts';

export class Removals {
  #counts: Record<string, number> = {};
  #freedBytes = 0;
  #names: string[] = [];

  add({ kind, name, place }: FoundGarbage, freedBytes: number): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    this.#freedBytes += freedBytes;
    if (this.#names.length < MOST_RESOURCES) this.#names.push(`${place}/${name}`);
  }

  /** Writes the record of what was added since the last one; what cannot be written is kept for the next. */
  async flush(store: Store, actor: Actor): Promise<void> {
    const [counts, freedBytes, names] = [this.#counts, this.#freedBytes, this.#names];
    if (names.length === 0) return;
    await store.write(actor, async (tx) =>
      recordService(
        tx,
        'GarbageRemoved',
        { counts, freedBytes },
        { 'ACS::Kindred::Garbage': names },
      ),
    );
    this.#counts = {};
    this.#freedBytes = 0;
    this.#names = [];
  }
}
