// What a data file must be before it is used, and that durability's settings hold on every connection.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { sqliteBuilder } from '../../src/store/sqlite/builder.ts';
import { connect } from '../../src/store/sqlite/connection.ts';
import { lockDataDirectory } from '../../src/store/sqlite/lock.ts';
import { DATABASE_FILE, openStore } from '../../src/store/sqlite/open.ts';
import { temporaryFolder } from './sample.ts';

test('synchronous is FULL on the first connection, on later ones, and after a reopening', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, DATABASE_FILE);
  for (let opening = 0; opening < 2; opening++) {
    const store = openStore({ dataDir: folder });
    for (const readOnly of [false, true]) {
      const connection = connect(path, sqliteBuilder, { readOnly, synchronous: 'FULL' });
      assert.equal(connection.pragma('synchronous'), 2);
      connection.close();
    }
    await store.close();
  }
});

test('a newer file and a foreign file are refused with a sentence', async (t) => {
  const folder = temporaryFolder(t);
  await openStore({ dataDir: folder }).close();
  const path = join(folder, DATABASE_FILE);
  const edit = (sql: string): void => {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  };
  edit('PRAGMA user_version = 999');
  assert.throws(() => openStore({ dataDir: folder }), /newer Kindred/);
  edit('PRAGMA application_id = 7');
  assert.throws(() => openStore({ dataDir: folder }), /not one of Kindred/);
});

test('a data directory has one owner at a time', (t) => {
  const folder = temporaryFolder(t);
  const first = lockDataDirectory(folder);
  assert.ok(first);
  assert.equal(lockDataDirectory(folder), undefined);
  first.release();
  const second = lockDataDirectory(folder);
  assert.ok(second);
  second.release();
});
