// What a data file must be before it is used, and that durability's settings hold on every connection.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { sqliteBuilder } from '../../src/store/sqlite/builder.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import type { AccountId, RegionId } from '../../src/domain/ids.ts';
import { copyPath } from '../../src/store/sqlite/copy-before.ts';
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

/** A data file as an older Kindred of that version has left it. */
const makeOlder = (path: string, version: number): DatabaseSync => {
  const older = new DatabaseSync(path);
  for (const { statements } of migrations.slice(0, version))
    for (const sql of statements({ text: 'TEXT', int: 'INTEGER' })) older.exec(sql);
  older.exec(`PRAGMA application_id = ${0x4b494e44}; PRAGMA user_version = ${version}`);
  return older;
};

for (const { version } of migrations.slice(0, -1))
  test(`data of version ${version} are copied before they are changed`, async (t) => {
    const folder = temporaryFolder(t);
    const path = join(folder, DATABASE_FILE);
    const older = makeOlder(path, version);
    older.exec(
      "INSERT INTO account (account_id, account_name, is_operator, creation_ms) VALUES ('1000000000000001', 'root', 1, 5)",
    );
    older.exec(
      "INSERT INTO task (task_id, account_id, region_id, task_action, task_status, creation_ms, finished_ms, progress, resource_id, error_code, error_message) VALUES ('t-1', '1000000000000001', 'cn-hangzhou', 'ImportImage', 'Finished', 5, 6, 100, 'm-1', '', '')",
    );
    older.close();

    const store = openStore({ dataDir: folder });
    const scope = {
      accountId: '1000000000000001' as AccountId,
      regionId: 'cn-hangzhou' as RegionId,
    };
    const { accounts, task } = await store.read(async (tx) => ({
      accounts: await tx.accounts({ limit: 10, offset: 0 }),
      task: await tx.task(scope, 't-1'),
    }));
    await store.close();
    assert.deepEqual(
      accounts.rows.map(({ accountName }) => accountName),
      ['root'],
    );
    // Older imports have written nothing into buckets.
    assert.deepEqual([task?.taskStatus, task?.objects], ['Finished', []]);

    const copy = new DatabaseSync(copyPath(path, version), { readOnly: true });
    assert.equal(copy.prepare('PRAGMA user_version').get()?.user_version, version);
    assert.equal(copy.prepare('SELECT account_name FROM account').get()?.account_name, 'root');
    copy.close();
    // The newest shape needs no copy, and a second opening makes none.
    rmSync(copyPath(path, version));
    await openStore({ dataDir: folder }).close();
    assert.equal(existsSync(copyPath(path, version)), false);
  });

test('without room for the copy the data stay as they were', (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, DATABASE_FILE);
  makeOlder(path, 1).close();
  mkdirSync(join(copyPath(path, 1), 'in the way'), { recursive: true });
  assert.throws(() => openStore({ dataDir: folder }));
  const kept = new DatabaseSync(path, { readOnly: true });
  assert.equal(kept.prepare('PRAGMA user_version').get()?.user_version, 1);
  kept.close();
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
