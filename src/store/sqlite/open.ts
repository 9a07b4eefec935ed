// The embedded store: one write connection behind the queue, a small pool of read-only connections,
// checkpoints in a worker on a connection of their own. Nothing else in the process may open the
// database files: closing a `-shm` file drops SQLite's locks.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Actor, ReadTx, Store, Tx } from '../../domain/tx.ts';
import { isAtLeast, LEAST_SQLITE } from '../../lib/least-version.ts';
import { AuditChain } from '../audit-chain.ts';
import { readVerbs, writeVerbs } from '../queries/index.ts';
import { ReadMemory, remembering } from '../read-memory.ts';
import { WriteQueue, type WriteQueueOptions } from '../write-queue.ts';
import { sqliteBuilder } from './builder.ts';
import { Checkpointer } from './checkpointer.ts';
import { connect, type SqliteConnection, type Synchronous } from './connection.ts';
import { migrate } from './migrate.ts';
import { beginDatabase } from './template.ts';

export const DATABASE_FILE = 'kindred.db';
const READERS = 4;
/** The write-ahead log is folded back once it is larger than this. */
const CHECKPOINT_BYTES = 8 * 1024 * 1024;

export interface OpenOptions extends Pick<WriteQueueOptions, 'rehearse' | 'stopped'> {
  /** Folder of the database file. */
  dataDir: string;
  /** `OFF` only for data that dies with the process. */
  synchronous?: Synchronous;
}

export interface SqliteStore extends Store {
  /** True when the storage failed and no write is taken any more. */
  readonly isStopped: boolean;
  /** The storage lost something that it was asked to keep: no write is taken any more. */
  stopWrites(cause: unknown): void;
  /**
   * Writes the file anew, so that nothing is left in it of what was deleted or replaced: the only way, since
   * pages that were split keep what has moved. Takes time by the size of the file; nothing else goes on.
   */
  wipe(): Promise<void>;
  /** Sets who is told after a commit that inserted or cancelled a job. */
  onJobChanged(wake: () => void): void;
}

interface Reader {
  connection: SqliteConnection;
  tx: ReadTx;
  /** Whether the snapshot is open. It opens at the first statement, not before. */
  isOpen: boolean;
}

export const sqliteVersion = (): string => {
  const probe = new DatabaseSync(':memory:');
  try {
    return String(Object.values(probe.prepare('SELECT sqlite_version()').get() ?? {})[0]);
  } finally {
    probe.close();
  }
};

export const openStore = (options: OpenOptions): SqliteStore => {
  const version = sqliteVersion();
  if (!isAtLeast(version, LEAST_SQLITE))
    throw new Error(
      `SQLite ${version} can corrupt a database; Kindred needs ${LEAST_SQLITE.join('.')} or newer (Node.js 24.15)`,
    );
  const path = join(options.dataDir, DATABASE_FILE);
  const synchronous = options.synchronous ?? 'FULL';
  beginDatabase(path, { isDurable: synchronous === 'FULL' });
  const writer = connect(path, sqliteBuilder, { readOnly: false, synchronous });
  try {
    migrate(writer, path);
  } catch (error) {
    writer.close();
    throw error;
  }
  return new SqliteStoreOverFile(path, writer, synchronous, options);
};

class SqliteStoreOverFile implements SqliteStore {
  readonly #path: string;
  readonly #writer: SqliteConnection;
  readonly #queue: WriteQueue;
  readonly #checkpointer: Checkpointer;
  readonly #synchronous: Synchronous;
  readonly #memory = new ReadMemory();
  readonly #idle: Reader[] = [];
  readonly #wanting: ((reader: Reader) => void)[] = [];
  #readerCount = 0;
  #wakeJobs: () => void = () => undefined;

  constructor(
    path: string,
    writer: SqliteConnection,
    synchronous: Synchronous,
    options: OpenOptions,
  ) {
    this.#path = path;
    this.#writer = writer;
    this.#synchronous = synchronous;
    this.#checkpointer = new Checkpointer(path, CHECKPOINT_BYTES, (cause) =>
      this.stopWrites(cause),
    );
    this.#queue = new WriteQueue(writer, writeVerbs(writer), {
      ...options,
      chain: new AuditChain(writer),
      committed: () => {
        this.#memory.forget();
        this.#checkpointer.committed();
      },
      jobChanged: () => this.#wakeJobs(),
    });
  }

  get isStopped(): boolean {
    return this.#queue.isStopped;
  }

  stopWrites(cause: unknown): void {
    this.#queue.stop('the storage failed; writes have stopped', cause);
  }

  onJobChanged(wake: () => void): void {
    this.#wakeJobs = wake;
  }

  async read<T>(fn: (tx: ReadTx) => Promise<T>): Promise<T> {
    const reader = this.#idle.pop() ?? (await this.#takeReader());
    try {
      return await fn(reader.tx);
    } finally {
      if (reader.isOpen) reader.connection.control('COMMIT');
      reader.isOpen = false;
      const next = this.#wanting.shift();
      if (next) next(reader);
      else this.#idle.push(reader);
    }
  }

  write<T>(actor: Actor, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#queue.write(actor, fn);
  }

  async wipe(): Promise<void> {
    await this.#queue.settled();
    // The copy that it makes may be larger than memory.
    this.#writer.exec('PRAGMA temp_store = FILE');
    try {
      this.#writer.exec('VACUUM');
    } finally {
      this.#writer.exec('PRAGMA temp_store = MEMORY');
    }
    this.#writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  async close(): Promise<void> {
    await this.#queue.settled();
    await this.#checkpointer.close();
    for (const { connection } of this.#idle.splice(0)) connection.close();
    if (!this.#queue.isStopped) this.#writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#writer.close();
  }

  async #takeReader(): Promise<Reader> {
    if (this.#readerCount < READERS) {
      this.#readerCount += 1;
      return this.#makeReader();
    }
    return new Promise((resolve) => this.#wanting.push(resolve));
  }

  #makeReader(): Reader {
    const connection = connect(this.#path, sqliteBuilder, {
      readOnly: true,
      synchronous: this.#synchronous,
    });
    const open = (): void => {
      if (reader.isOpen) return;
      connection.control('BEGIN');
      reader.isOpen = true;
    };
    const verbs = readVerbs(beforeEach(connection, open));
    const reader: Reader = { connection, tx: remembering(verbs, this.#memory), isOpen: false };
    return reader;
  }
}

/** The connection, with `before` called ahead of each statement. */
const beforeEach = (connection: SqliteConnection, before: () => void): SqliteConnection => ({
  ...connection,
  all: (statement, args) => (before(), connection.all(statement, args)),
  one: (statement, args) => (before(), connection.one(statement, args)),
  query: (query) => (before(), connection.query(query)),
});
