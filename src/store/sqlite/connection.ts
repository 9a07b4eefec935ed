// One SQLite connection as the verbs see it, with its pragmas set and read back, and its cache of
// prepared statements. node:sqlite is synchronous; the promises are for the other engine's sake.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Compilable } from 'kysely';
import {
  bind,
  prepare,
  type Connection,
  type Prepared,
  type QueryBuilder,
  type Statement,
  type Value,
} from '../statement.ts';

/** Statements that were built for one call are kept up to this many, then all forgotten. */
const MAX_DYNAMIC_STATEMENTS = 256;

export type Synchronous = 'FULL' | 'OFF';

export interface SqliteConnection extends Connection {
  /** Runs transaction control (`BEGIN`, `COMMIT`, `SAVEPOINT w`), prepared once. */
  control(sql: string): void;
  /** Runs SQL as it is (migrations). */
  exec(sql: string): void;
  pragma(name: string): Value;
  close(): void;
}

const SYNCHRONOUS = { FULL: 2, OFF: 0 } as const;

/** Opens the file; refuses when a pragma that durability rests on does not read back as set. */
export const connect = (
  path: string,
  builder: QueryBuilder,
  { readOnly, synchronous }: { readOnly: boolean; synchronous: Synchronous },
): SqliteConnection => {
  const database = new DatabaseSync(path, { readOnly });
  if (!readOnly) {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA wal_autocheckpoint = 0');
  }
  database.exec(`PRAGMA synchronous = ${synchronous}`);
  database.exec('PRAGMA busy_timeout = 5000');
  database.exec('PRAGMA foreign_keys = ON');
  // Savepoints and sorts keep what they set aside in memory: no files in /var/tmp, which may be full.
  database.exec('PRAGMA temp_store = MEMORY');
  if (process.platform === 'darwin') database.exec('PRAGMA fullfsync = ON');
  const connection = wrap(database, builder);
  if (connection.pragma('synchronous') !== SYNCHRONOUS[synchronous])
    throw new Error(`SQLite did not accept synchronous=${synchronous}`);
  if (!readOnly && connection.pragma('journal_mode') !== 'wal')
    throw new Error('SQLite did not accept journal_mode=WAL');
  return connection;
};

const wrap = (database: DatabaseSync, builder: QueryBuilder): SqliteConnection => {
  const fixed = new Map<Prepared, StatementSync>();
  const dynamic = new Map<string, StatementSync>();

  const fixedStatement = (prepared: Prepared): StatementSync => {
    let statement = fixed.get(prepared);
    if (statement === undefined) {
      statement = database.prepare(prepared.sql);
      fixed.set(prepared, statement);
    }
    return statement;
  };
  const dynamicStatement = (sql: string): StatementSync => {
    let statement = dynamic.get(sql);
    if (statement === undefined) {
      if (dynamic.size >= MAX_DYNAMIC_STATEMENTS) dynamic.clear();
      statement = database.prepare(sql);
      dynamic.set(sql, statement);
    }
    return statement;
  };

  return {
    builder,
    async all<Args extends object, Row>(statement: Statement<Args, Row>, args: Args) {
      const prepared = statement.prepared(builder);
      return fixedStatement(prepared).all(...bind(prepared, args)) as Row[];
    },
    async one<Args extends object, Row>(statement: Statement<Args, Row>, args: Args) {
      const prepared = statement.prepared(builder);
      return fixedStatement(prepared).get(...bind(prepared, args)) as Row | undefined;
    },
    async run<Args extends object>(statement: Statement<Args, unknown>, args: Args) {
      const prepared = statement.prepared(builder);
      return Number(fixedStatement(prepared).run(...bind(prepared, args)).changes);
    },
    async query<Row>(query: Compilable<Row>) {
      const prepared = prepare(query);
      return dynamicStatement(prepared.sql).all(...bind(prepared, {})) as Row[];
    },
    async change(query: Compilable<unknown>) {
      const prepared = prepare(query);
      return Number(dynamicStatement(prepared.sql).run(...bind(prepared, {})).changes);
    },
    control: (sql) => void dynamicStatement(sql).run(),
    exec: (sql) => database.exec(sql),
    pragma(name) {
      const row = database.prepare(`PRAGMA ${name}`).get() ?? {};
      return Object.values(row)[0] as Value;
    },
    close: () => database.close(),
  };
};
