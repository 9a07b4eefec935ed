// What is sealed under the master key in a database file that no store has open. The name declares it: every
// column `sealed_…` holds sealed text and no other column does; a test looks at every text for it.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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
       WHERE m.type = 'table' AND c.name LIKE 'sealed\\_%' ESCAPE '\\'
       ORDER BY 1, 2`,
    )
    .all() as unknown as Column[]; // rows of two named texts

interface Sealed extends Column {
  rowid: number;
  text: string;
}

function* sealedIn(database: DatabaseSync): Generator<Sealed> {
  for (const { table, column } of columnsOf(database)) {
    const rows = database
      .prepare(`SELECT rowid, ${quoted(column)} AS text FROM ${quoted(table)} ORDER BY rowid`)
      .all();
    for (const { rowid, text } of rows)
      if (typeof text === 'string') yield { table, column, rowid: Number(rowid), text };
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
    return [...sealedIn(database)].map(({ text }) => text);
  } finally {
    database.close();
  }
};

/**
 * Puts `change(text)` in the place of every sealed text, in one transaction, and folds the log back, so that
 * the old texts are in no file. Nothing is changed when `change` or `beforeCommit` throws.
 * @returns how many there were
 */
export const changeSealed = (
  dataDir: string,
  change: (sealed: string) => string,
  beforeCommit: () => void,
): number => {
  const database = open(dataDir);
  try {
    database.exec('BEGIN IMMEDIATE');
    const all = [...sealedIn(database)];
    for (const { table, column, rowid, text } of all)
      database
        .prepare(`UPDATE ${quoted(table)} SET ${quoted(column)} = ? WHERE rowid = ?`)
        .run(change(text), rowid);
    beforeCommit();
    database.exec('COMMIT');
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return all.length;
  } finally {
    // An open transaction is rolled back.
    database.close();
  }
};
