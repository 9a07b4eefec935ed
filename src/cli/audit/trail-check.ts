// What a verification of the audit trail finds out beside the chain itself: whether a head that somebody
// kept, and every checkpoint, names a record that is there with that hash; whether checkpoints were signed
// by the key that the trail names for its incarnation. Records that a restore lost are a note, since the
// trail tells of the restore; everything else that does not fit is a fault.
import { readCheckpoint, type Checkpoint } from '../../lib/checkpoint.ts';
import { ChainCheck, placeOf, type ChainFault, type Link } from '../../lib/hash-chain.ts';

export interface TrailReport {
  checkedCount: number;
  /** Sequence of the first record. */
  first: number;
  head: Link | undefined;
  faultCount: number;
  faults: readonly ChainFault[];
  checkpointCount: number;
  notes: readonly string[];
}

interface Incarnation {
  publicKey: string;
  /** The record that began it. */
  sequence: number;
}

export class TrailCheck {
  readonly #check = new ChainCheck();
  readonly #expected: Link | undefined;
  readonly #publicKey: string | undefined;
  /** By sequence; what was found there comes with the lines. */
  readonly #checkpoints = new Map<number, Checkpoint[]>();
  readonly #incarnations = new Map<number, Incarnation>();
  /** Those whose record was there. */
  readonly #met = new Set<Checkpoint>();
  #checkpointCount = 0;
  #newest: Checkpoint | undefined;
  #first = 0;
  #isExpectedSeen = false;

  constructor(options: { expected: Link | undefined; publicKey?: string }) {
    this.#expected = options.expected;
    this.#publicKey = options.publicKey;
  }

  takeCheckpoints(lines: readonly string[]): void {
    for (const line of lines) {
      const checkpoint = readCheckpoint(line);
      if (checkpoint === undefined) continue;
      const { sequence } = checkpoint;
      if (
        !checkpoint.isSigned ||
        (this.#publicKey ?? checkpoint.publicKey) !== checkpoint.publicKey
      ) {
        const of = checkpoint.isSigned ? 'by the key that was given' : 'by the key it names';
        this.#check.fault(
          'signature',
          sequence,
          `The checkpoint of ${checkpoint.time} at ${sequence} was not signed ${of}.`,
        );
        continue;
      }
      this.#checkpointCount += 1;
      this.#checkpoints.set(sequence, [...(this.#checkpoints.get(sequence) ?? []), checkpoint]);
      if (sequence >= (this.#newest?.sequence ?? 0)) this.#newest = checkpoint;
    }
  }

  /** What the first line follows, when somebody says it; only the first call counts. */
  begin(start: Link | undefined): void {
    if (this.#check.start !== undefined || start === undefined) return;
    this.#check.start = start;
    this.#check.head = start;
    this.#compare(start);
  }

  take(record: { text: string; hash: string } | undefined, line: string): void {
    this.#check.take(record?.text ?? line, record?.hash ?? '');
    const sequence = record && placeOf(record.text)?.sequence;
    if (record === undefined || sequence === undefined) return;
    if (this.#first === 0) this.#first = sequence;
    if (/"eventName":"(AuditTrailBegun|InstallationRestored)"/.test(record.text))
      this.#noteIncarnation(record.text, sequence);
    this.#compare({ sequence, hash: record.hash });
  }

  columnFault(sequence: number, message: string): void {
    this.#check.fault('columns', sequence, message);
  }

  /** @param isCompared whether checkpoints were given */
  end(isCompared: boolean): TrailReport {
    const notes: string[] = [];
    if (this.#expected !== undefined && !this.#isExpectedSeen)
      this.#check.expectHead(this.#expected, undefined);
    this.#missedCheckpoints(notes);
    if (!isCompared) notes.push('no checkpoint was compared (--checkpoints FILE)');
    else if (this.#newest !== undefined) {
      const { sequence, time, keyId } = this.#newest;
      notes.push(
        `${this.#checkpointCount} checkpoints compared, the newest of ${time} at ${sequence}, signed by key ${keyId}`,
      );
    } else notes.push('the file of checkpoints holds none');
    const { checkedCount, head, faultCount, faults } = this.#check;
    const first = this.#first;
    const checkpointCount = this.#checkpointCount;
    return { checkedCount, first, head, faultCount, faults, checkpointCount, notes };
  }

  /** Those that no record was met for, and those whose key is another one than the trail names. */
  #missedCheckpoints(notes: string[]): void {
    const start = this.#check.start?.sequence ?? 0;
    const lost = { count: 0, last: 0 };
    for (const checkpoint of [...this.#checkpoints.values()].flat()) {
      const { sequence, incarnation, publicKey } = checkpoint;
      const known = this.#incarnations.get(incarnation);
      const next = this.#incarnations.get(incarnation + 1);
      if (next !== undefined && sequence >= next.sequence) {
        lost.count += 1;
        lost.last = Math.max(lost.last, sequence);
      } else if (sequence >= start && !this.#met.has(checkpoint))
        this.#check.expectHead(checkpoint, undefined);
      if (known !== undefined && known.publicKey !== publicKey)
        this.#check.fault(
          'signature',
          sequence,
          `The checkpoint at ${sequence} was signed by another key than the trail names.`,
        );
    }
    if (lost.count > 0)
      notes.push(
        `${lost.count} checkpoints, up to record ${lost.last}, tell of records that a restore left behind`,
      );
  }

  #compare({ sequence, hash }: Link): void {
    if (this.#expected?.sequence === sequence) {
      this.#isExpectedSeen = true;
      this.#check.expectHead(this.#expected, hash);
    }
    for (const checkpoint of this.#checkpoints.get(sequence) ?? []) {
      if (this.#met.has(checkpoint)) continue;
      this.#met.add(checkpoint);
      // What a restore left behind has another hash; that is told at the end.
      const isLeftBehind = [...this.#incarnations].some(
        ([incarnation, begun]) =>
          incarnation > checkpoint.incarnation && begun.sequence <= sequence,
      );
      if (!isLeftBehind) this.#check.expectHead(checkpoint, hash);
    }
  }

  #noteIncarnation(text: string, sequence: number): void {
    let event: {
      eventType?: string;
      additionalEventData?: Partial<Incarnation> & { incarnation?: number };
    };
    try {
      event = JSON.parse(text) as typeof event;
    } catch {
      return;
    }
    const { eventType, additionalEventData } = event;
    const { incarnation, publicKey } = additionalEventData ?? {};
    if (eventType !== 'ServiceEvent' || incarnation === undefined || publicKey === undefined)
      return;
    this.#incarnations.set(incarnation, { publicKey, sequence });
  }
}
