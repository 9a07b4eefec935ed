import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { sqliteBuilder } from './builder.ts';
import { connect } from './connection.ts';
import { migrate } from './migrate.ts';
import { beginDatabase } from './template.ts';

const contentOf = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true });
  const tables = database.prepare('SELECT * FROM sqlite_schema ORDER BY rowid').all();
  const rows = tables
    .filter(({ type }) => type === 'table')
    .map(({ name }) => database.prepare(`SELECT count(*) AS n FROM "${String(name)}"`).get());
  const marks = ['user_version', 'application_id', 'journal_mode', 'page_size'].map((name) =>
    database.prepare(`PRAGMA ${name}`).get(),
  );
  database.close();
  return { tables, rows, marks };
};

test('a new database is what the migrations make, and holds what they leave', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-template-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const migrated = join(folder, 'migrated.db');
  const connection = connect(migrated, sqliteBuilder, { readOnly: false, synchronous: 'OFF' });
  migrate(connection, migrated);
  connection.close();
  const begun = join(folder, 'begun.db');
  beginDatabase(begun, { isDurable: true });
  assert.deepEqual(contentOf(begun), contentOf(migrated));
});

test('a database that is there is left alone', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-template-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'kindred.db');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE own (a)');
  database.close();
  beginDatabase(path, { isDurable: false });
  assert.equal(contentOf(path).tables.length, 1);
});
