// A copy of the database as an older Kindred left it, made before the first migration touches it: the way
// back, should the newer program be given up. Whole or not there: it is written beside and renamed.
import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncPath } from '../../lib/write-whole.ts';
import type { SqliteConnection } from './connection.ts';

/** `<data>/kindred.db.v1` */
export const copyPath = (path: string, version: number): string => `${path}.v${version}`;

/** Copies what the connection sees of the database at `path`, durably. @throws when it cannot */
export const copyBefore = (connection: SqliteConnection, path: string, version: number): void => {
  const target = copyPath(path, version);
  const unfinished = `${target}.part`;
  rmSync(unfinished, { force: true });
  connection.exec(`VACUUM INTO '${unfinished.replaceAll("'", "''")}'`);
  syncPath(unfinished);
  renameSync(unfinished, target);
  syncPath(dirname(target));
};
