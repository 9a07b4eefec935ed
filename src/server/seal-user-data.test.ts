// A data directory as an older version has left it, with user data in clear: after a start they are sealed,
// opened for whoever may, and in no file of the database.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { testClock } from '../testing/clock.ts';
import { Harness } from '../testing/harness.ts';
import { LEAST, runInstance, SMALL_CATALOGUE } from '../testing/records.ts';
import { openKindred } from './compose.ts';
import { readRootKey } from './first-account.ts';
import { makeLog } from './log.ts';

/** More than one write takes. */
const INSTANCES = 120;
const userData = Buffer.from('#!/bin/sh\nexport PLANTED=left-in-clear-by-an-older-one\n').toString(
  'base64',
);

const over = async <T>(dataDir: string, use: (k: Harness) => Promise<T>): Promise<T> => {
  const clocks = testClock();
  const parts = { dataDir, clocks, catalogue: SMALL_CATALOGUE, log: makeLog('silent') };
  const opened = await openKindred({ ...parts, test: { holdJobs: true } });
  try {
    const { rows } = await opened.house.store.read((tx) => tx.accounts({ limit: 1, offset: 0 }));
    const root = readRootKey(dataDir)!;
    return await use(new Harness(opened, clocks, dataDir, root, rows[0]!.accountId));
  } finally {
    await opened.close();
  }
};

/** Takes the tenth migration and those after it back, and what the tenth is there for. */
const makeOlder = (dataDir: string, instanceId: string): void => {
  const database = new DatabaseSync(join(dataDir, 'kindred.db'));
  const of = `FROM resource WHERE resource_id = '${instanceId}'`;
  const row = database.prepare(`SELECT * ${of}`).get()!;
  const { sealedUserData, ...detail } = JSON.parse(String(row.detail));
  assert.ok(sealedUserData);
  database.exec(`DELETE ${of}`);
  const names = Object.keys(row);
  const insert = database.prepare(
    `INSERT INTO resource (${names.join()}) VALUES (${names.map(() => '?').join()})`,
  );
  for (let i = 0; i < INSTANCES; i++) {
    const resource_id = i === 0 ? instanceId : `i-bp1older${String(i).padStart(13, '0')}`;
    const seq = Number(row.seq) + i * 1_000;
    const made = { ...row, resource_id, seq, detail: JSON.stringify({ ...detail, userData }) };
    insert.run(...Object.values(made));
  }
  for (const table of ['clear_user_data', 'ram_group', 'ram_membership'])
    database.exec(`DROP TABLE ${table}`);
  database.exec('PRAGMA user_version = 9');
  database.close();
};

const filesWith = (dataDir: string, text: string): string[] =>
  readdirSync(dataDir)
    .filter((name) => /^kindred\.db(-|$)/.test(name))
    .filter((name) => readFileSync(join(dataDir, name)).includes(text));

test('user data that an older version has left in clear are sealed at the start, and wiped', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-clear-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const instanceId = await over(dataDir, (k) => runInstance(k, { ...LEAST, UserData: userData }));
  makeOlder(dataDir, instanceId);
  assert.deepEqual(filesWith(dataDir, userData), ['kindred.db']);

  const places = await over(dataDir, async (k) => {
    assert.deepEqual(filesWith(dataDir, userData), [], 'while it is open, too');
    const asked = { RegionId: LEAST.RegionId!, InstanceId: instanceId };
    assert.equal((await k.call('DescribeUserData', asked)).UserData, userData);
    assert.deepEqual(await k.store.read((tx) => tx.clearUserData(1)), []);
    const rows = await k.store.read((tx) => tx.auditRecordsAfter(0, 100));
    assert.deepEqual((await k.call('VerifyAuditTrail')).Faults.Fault, []);
    return rows.filter(({ eventName }) => eventName === 'UserDataSealed');
  });
  const counts = places.map(({ record }) => JSON.parse(record).additionalEventData.count);
  assert.deepEqual(counts, [50, 50, 20]);
  assert.deepEqual(filesWith(dataDir, userData), []);

  await over(dataDir, async (k) => {
    const rows = await k.store.read((tx) => tx.auditRecordsAfter(0, 100));
    const again = rows.filter(({ eventName }) => eventName === 'UserDataSealed');
    assert.equal(again.length, 3, 'another start has nothing to do');
  });
});
