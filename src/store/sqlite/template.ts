// An empty database of the newest shape, as bytes: a new data directory begins with a copy of it, which
// takes a fraction of the time that the migrations take one after the other. The bundle carries it as a file;
// from the sources it is made once a process, by the same migrations. It must never hold a row.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programForm, readPackedAsset } from '../../lib/program-form.ts';
import { writeWhole } from '../../lib/write-whole.ts';
import { sqliteBuilder } from './builder.ts';
import { connect } from './connection.ts';
import { migrate } from './migrate.ts';

/** Beside the bundle, and inside the one-file program. */
export const TEMPLATE_FILE = 'template.db';

let template: Uint8Array | undefined;

/** Puts an empty database at `path` unless something is there; whole or not at all, also after a crash. */
export const beginDatabase = (path: string, { isDurable }: { isDurable: boolean }): void => {
  if (existsSync(path)) return;
  template ??= bundledTemplate() ?? makeTemplate();
  writeWhole(path, template, { isDurable });
};

const bundledTemplate = (): Uint8Array | undefined => {
  try {
    return programForm(import.meta.url) === 'one file'
      ? readPackedAsset(TEMPLATE_FILE)
      : readFileSync(new URL(TEMPLATE_FILE, import.meta.url));
  } catch {
    return undefined;
  }
};

export const makeTemplate = (): Uint8Array => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-template-'));
  const path = join(folder, TEMPLATE_FILE);
  try {
    const connection = connect(path, sqliteBuilder, { readOnly: false, synchronous: 'OFF' });
    migrate(connection, path);
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    connection.close();
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
