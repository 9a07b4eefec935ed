// The one writer. Waiting writes share a transaction, each under a savepoint, and one COMMIT answers
// them all; a write that throws rolls back to its savepoint and harms no neighbour. An error of the
// COMMIT itself is final unless it only says that the disk is full: what the kernel was asked to
// keep may be gone, so no further write is taken.
import type { AuditDraft } from '../domain/audit.ts';
import type { Actor, Tx } from '../domain/tx.ts';
import type { AuditChain } from './audit-chain.ts';
import type { WriteVerbs } from './queries/index.ts';
import { StoreUnavailable } from './unavailable.ts';

/** What the queue needs of a connection. */
export interface WriteConnection {
  control(sql: string): void;
}

export interface WriteQueueOptions {
  /** Takes what writes record, right before their commit. */
  chain?: AuditChain;
  /** Runs every write twice, the first time rolled back (tests). */
  rehearse?: boolean;
  /** Told after each commit, before its writers are answered; must not throw. */
  committed?: () => void;
  /** Told after a commit that inserted or cancelled a job. */
  jobChanged?: () => void;
  /** Told once when writes stop for good. */
  stopped?: (error: unknown) => void;
}

/** Writes that may share one transaction. */
const MAX_BATCH = 128;
/** Turns of the loop in which a commit waits for further writes. */
const MAX_GATHERING_TURNS = 32;
/** Writes that may wait; beyond it the caller is told to come again. */
const MAX_WAITING = 10_000;

const SQLITE_FULL = 13;

interface Waiting {
  actor: Actor;
  fn(tx: Tx): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}
/** What a write leaves behind for its commit. */
interface Left {
  /** Run once it is true. */
  effects: (() => void)[];
  records: AuditDraft[];
}
interface Done extends Waiting, Left {
  value: unknown;
}
const NOTHING = { value: undefined, effects: [], records: [] } as const satisfies Partial<Done>;

export class WriteQueue {
  readonly #connection: WriteConnection;
  readonly #verbs: WriteVerbs;
  readonly #options: WriteQueueOptions;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;
  #stopped: StoreUnavailable | undefined;
  /** What made SQLite end the open transaction by itself. */
  #brokenBy: { error: unknown } | undefined;

  constructor(connection: WriteConnection, verbs: WriteVerbs, options: WriteQueueOptions = {}) {
    this.#connection = connection;
    this.#verbs = verbs;
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** Takes no further write until the process is started again; the first cause is kept. */
  stop(message: string, cause: unknown): void {
    if (this.#stopped) return;
    this.#stopped = new StoreUnavailable(message, { isFinal: true, cause });
    this.#options.stopped?.(cause);
  }

  write<T>(actor: Actor, fn: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    if (this.#waiting.length >= MAX_WAITING)
      return Promise.reject(new StoreUnavailable('too many writes wait', { isFinal: false }));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ actor, fn, resolve: resolve as (value: unknown) => void, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    await this.#gather();
    while (this.#waiting.length > 0) await this.#batch(this.#waiting.splice(0, MAX_BATCH));
    this.#draining = undefined;
  }

  /**
   * Until two turns of the loop brought no further write, so that requests which arrived together share a
   * commit: of those that wait for their turn only a few begin in each, and what one begins comes in the next.
   */
  async #gather(): Promise<void> {
    let quiet = 0;
    for (let turn = 0; turn < MAX_GATHERING_TURNS && quiet < 2; turn++) {
      const before = this.#waiting.length;
      if (before >= MAX_BATCH) return;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#waiting.length > before ? 0 : quiet + 1;
    }
  }

  async #batch(batch: Waiting[]): Promise<void> {
    if (this.#stopped) return batch.forEach((write) => write.reject(this.#stopped));
    try {
      this.#connection.control('BEGIN IMMEDIATE');
    } catch (error) {
      const refusal = new StoreUnavailable('the database is busy', {
        isFinal: false,
        cause: error,
      });
      return batch.forEach((write) => write.reject(refusal));
    }
    const done: Done[] = [];
    this.#brokenBy = undefined;
    for (const write of batch) {
      // Without its transaction a write would commit by itself, and without its record.
      const finished = this.#brokenBy ? { ...write, ...NOTHING } : await this.#one(write);
      if (finished) done.push(finished);
    }
    try {
      await this.#commit(done);
    } catch (error) {
      this.#commitFailed(error, done);
      return;
    }
    this.#options.committed?.();
    for (const { resolve, value, effects } of done) {
      resolve(value);
      for (const effect of effects) effect();
    }
  }

  /** What writes recorded is the last thing of their transaction: no effect without its record. */
  async #commit(done: readonly Done[]): Promise<void> {
    if (this.#brokenBy) throw this.#brokenBy.error;
    const { chain } = this.#options;
    const records = done.flatMap((write) => write.records);
    const place = records.length > 0 ? await chain?.append(records) : undefined;
    this.#connection.control('COMMIT');
    if (place !== undefined) chain?.committed(place);
  }

  /** Runs one write under its savepoint; undefined when it was refused and rolled back. */
  async #one(write: Waiting): Promise<Done | undefined> {
    try {
      if (this.#options.rehearse) await this.#rehearse(write);
      this.#connection.control('SAVEPOINT one_write');
      const left: Left = { effects: [], records: [] };
      const value = await this.#run(write, left);
      this.#connection.control('RELEASE one_write');
      return { ...write, ...left, value };
    } catch (error) {
      try {
        this.#connection.control('ROLLBACK TO one_write');
        this.#connection.control('RELEASE one_write');
      } catch {
        // SQLite has rolled the whole transaction back (disk full).
        this.#brokenBy ??= { error };
      }
      write.reject(
        errcode(error) === SQLITE_FULL
          ? new StoreUnavailable('the disk is full', { isFinal: false, cause: error })
          : error,
      );
      return undefined;
    }
  }

  async #rehearse(write: Waiting): Promise<void> {
    this.#connection.control('SAVEPOINT rehearsal');
    await this.#run(write, { effects: [], records: [] }).catch(() => undefined);
    this.#connection.control('ROLLBACK TO rehearsal');
    this.#connection.control('RELEASE rehearsal');
  }

  /** Verbs settle in microtasks here, so a write that outlives the turn awaited something else. */
  #run(write: Waiting, left: Left): Promise<unknown> {
    const tx = this.#tx(write.actor, left);
    return new Promise((resolve, reject) => {
      const alarm = setImmediate(() =>
        reject(new Error('a write function awaited something that is not a verb of its tx')),
      );
      write
        .fn(tx)
        .then(resolve, reject)
        .finally(() => clearImmediate(alarm));
    });
  }

  /** The verbs as one write has them. A job that is new, or cancelled, is told of once it is true. */
  #tx(actor: Actor, { effects, records }: Left): Tx {
    const jobChanged = (): void => void effects.push(() => this.#options.jobChanged?.());
    return {
      ...this.#verbs,
      actor,
      afterCommit: (effect) => void effects.push(effect),
      record: (draft) => void records.push(draft),
      insertJob: (job) => {
        jobChanged();
        return this.#verbs.insertJob(job);
      },
      saveJob: (jobId, from, set) => {
        if (set.status === 'cancelled') jobChanged();
        return this.#verbs.saveJob(jobId, from, set);
      },
    };
  }

  #commitFailed(error: unknown, done: Done[]): void {
    try {
      this.#connection.control('ROLLBACK');
    } catch {
      // Nothing is open any more.
    }
    const isFinal = errcode(error) !== SQLITE_FULL;
    const reason = isFinal ? 'a commit failed' : 'the disk is full';
    const refusal = new StoreUnavailable(reason, { isFinal, cause: error });
    if (isFinal) this.stop('a commit failed; writes have stopped', error);
    for (const { reject } of done) reject(refusal);
  }
}

const errcode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
