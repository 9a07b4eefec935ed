import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE } from '../store/sqlite/open.ts';

/** Rows that every request may leave behind: it was made, it was refused, it was answered. */
const UNCOUNTED = new Set([
  'access_key_use',
  'nonce',
  'sqlite_sequence',
  'audit_record',
  'image_use',
]);

/** A hash over every row of every table, read on a connection of its own. */
export const stateHash = (dataDir: string): string => {
  const database = new DatabaseSync(join(dataDir, DATABASE_FILE), { readOnly: true });
  try {
    const hash = createHash('sha256');
    const tables = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
      .all() as { name: string }[];
    for (const { name } of tables) {
      if (UNCOUNTED.has(name)) continue;
      hash.update(`\n${name}\n`);
      const rows = database
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .map((row) => JSON.stringify(row));
      for (const row of rows.toSorted()) hash.update(row);
    }
    return hash.digest('hex');
  } finally {
    database.close();
  }
};
