import { migrations } from '../migrations/index.ts';
import type { SqliteConnection } from './connection.ts';
import { copyBefore } from './copy-before.ts';

/** `KIND` as SQLite's application_id: tells our files from others. */
export const APPLICATION_ID = 0x4b494e44;
const TYPES = { text: 'TEXT', int: 'INTEGER' } as const;

/**
 * Brings the file at `path` to the newest shape, one transaction a step; refuses foreign and newer files.
 * A file of an older shape is copied first.
 */
export const migrate = (connection: SqliteConnection, path: string): void => {
  const current = Number(connection.pragma('user_version'));
  const owner = Number(connection.pragma('application_id'));
  const newest = migrations.at(-1)?.version ?? 0;
  if (owner !== APPLICATION_ID && (owner !== 0 || current !== 0))
    throw new Error('the database file is not one of Kindred');
  if (current > newest)
    throw new Error(
      `the data were written by a newer Kindred (format ${current}, this one knows ${newest}); start that version`,
    );
  if (current > 0 && current < newest) copyBefore(connection, path, current);
  for (const migration of migrations) {
    if (migration.version <= current) continue;
    connection.exec('BEGIN IMMEDIATE');
    try {
      for (const statement of migration.statements(TYPES)) connection.exec(statement);
      connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      connection.exec(`PRAGMA user_version = ${migration.version}`);
      connection.exec('COMMIT');
    } catch (error) {
      connection.exec('ROLLBACK');
      throw error;
    }
  }
};
