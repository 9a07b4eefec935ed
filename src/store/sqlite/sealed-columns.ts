// What is sealed under the master key in a database file that no store has open. The name declares it: every
// column `sealed_…` holds sealed text, and so does every member `sealed…` of the JSON in a column `detail`;
// nothing else does. A test looks at every text of a database for what looks sealed and is not named so.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AuditDraft } from '../../domain/audit.ts';
import { appendRecord } from './append-record.ts';
import { DATABASE_FILE } from './open.ts';

const SYNCHRONOUS_FULL = 2;

interface Column {
  table: string;
  column: string;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const columnsOf = (database: DatabaseSync): Column[] =>
  database
    .prepare(
      `SELECT m.name AS "table", c.name AS "column"
       FROM sqlite_schema m, pragma_table_info(m.name) c
       WHERE m.type = 'table' AND (c.name LIKE 'sealed\\_%' ESCAPE '\\' OR c.name = 'detail')
       ORDER BY 1, 2`,
    )
    .all() as unknown as Column[]; // rows of two named texts

type Change = (sealed: string) => string;

const isName = (name: string): boolean => name.startsWith('sealed');

/** The text of a column with what is sealed in it changed. */
const changed = (column: string, text: string, change: Change): string => {
  if (isName(column)) return change(text);
  const members = Object.entries(JSON.parse(text) as object).map(([name, value]) => [
    name,
    isName(name) && typeof value === 'string' ? change(value) : (value as unknown),
  ]);
  return JSON.stringify(Object.fromEntries(members));
};

interface Row extends Column {
  rowid: number;
  text: string;
}

function* rowsWithSealed(database: DatabaseSync): Generator<Row> {
  for (const { table, column } of columnsOf(database)) {
    const few = isName(column) ? '' : `WHERE instr(${quoted(column)}, '"sealed') > 0`;
    const rows = database
      .prepare(
        `SELECT rowid AS "row", ${quoted(column)} AS text FROM ${quoted(table)} ${few} ORDER BY rowid`,
      )
      .all();
    for (const { row, text } of rows)
      if (typeof text === 'string') yield { table, column, rowid: Number(row), text };
  }
}

const open = (dataDir: string): DatabaseSync => {
  const database = new DatabaseSync(join(dataDir, DATABASE_FILE));
  database.exec('PRAGMA synchronous = FULL');
  if (process.platform === 'darwin') database.exec('PRAGMA fullfsync = ON');
  // What was sealed under the old key is wiped from the file, not only unlinked from the tree.
  database.exec('PRAGMA secure_delete = ON');
  const read = database.prepare('PRAGMA synchronous').get()?.synchronous;
  if (read !== SYNCHRONOUS_FULL) throw new Error('SQLite did not accept synchronous=FULL');
  return database;
};

/** Every sealed text. */
export const readSealed = (dataDir: string): string[] => {
  const database = open(dataDir);
  try {
    const found: string[] = [];
    for (const { column, text } of rowsWithSealed(database))
      changed(column, text, (sealed) => {
        found.push(sealed);
        return sealed;
      });
    return found;
  } finally {
    database.close();
  }
};

/**
 * Puts `change(text)` in the place of every sealed text, in one transaction, and folds the log back, so that
 * the old texts are in no file; `record` tells the audit trail of it. Nothing is changed when `change` or `beforeCommit` throws.
 * @returns how many there were
 */
export const changeSealed = (
  dataDir: string,
  change: Change,
  record: AuditDraft,
  beforeCommit: () => void,
): number => {
  const database = open(dataDir);
  try {
    database.exec('BEGIN IMMEDIATE');
    let count = 0;
    const counted: Change = (sealed) => {
      count += 1;
      return change(sealed);
    };
    // A table is read whole before its first row changes.
    for (const { table, column, rowid, text } of rowsWithSealed(database)) {
      const { changes } = database
        .prepare(`UPDATE ${quoted(table)} SET ${quoted(column)} = ? WHERE rowid = ?`)
        .run(changed(column, text, counted), rowid);
      if (Number(changes) !== 1) throw new Error(`a row of ${table} was not changed`);
    }
    appendRecord(database, record);
    beforeCommit();
    database.exec('COMMIT');
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return count;
  } finally {
    // An open transaction is rolled back.
    database.close();
  }
};
