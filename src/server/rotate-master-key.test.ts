// The rotation of the master key: everything that is sealed opens afterwards, the old key opens nothing, and
// an end at any point leaves a directory that starts with the right key.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { FAULT_POINTS, noFaults, throwAt, type Faults } from '../lib/fault.ts';
import { systemRandom } from '../lib/random.ts';
import { readSealed } from '../store/sqlite/sealed-columns.ts';
import { testClock } from '../testing/clock.ts';
import { Harness } from '../testing/harness.ts';
import { LEAST, runInstance, SMALL_CATALOGUE } from '../testing/records.ts';
import { openKindred } from './compose.ts';
import { readRootKey } from './first-account.ts';
import { makeLog } from './log.ts';
import { rotateMasterKey, type RotationOptions } from './rotate-master-key.ts';

const UNDER_WAY = FAULT_POINTS.filter((point) => point.startsWith('rotate.'));
const KEYS = ['A', 'B', 'C'].map((letter) => Buffer.alloc(32, letter).toString('base64'));
const userData = Buffer.from('#!/bin/sh\nexport TOKEN=in-user-data\n').toString('base64');

const folder = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'kindred-rotate-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** A Kindred over the directory while `use` runs. */
const over = async <T>(
  dataDir: string,
  use: (k: Harness) => Promise<T>,
  masterKey?: string,
): Promise<T> => {
  const clocks = testClock();
  const opened = await openKindred({
    dataDir,
    log: makeLog('silent'),
    clocks,
    catalogue: SMALL_CATALOGUE,
    test: { holdJobs: true },
    ...(masterKey && { masterKey }),
  });
  try {
    const { rows } = await opened.house.store.read((tx) => tx.accounts({ limit: 1, offset: 0 }));
    return await use(
      new Harness(opened, clocks, dataDir, readRootKey(dataDir)!, rows[0]!.accountId),
    );
  } finally {
    await opened.close();
  }
};

const rotate = (dataDir: string, more: Partial<RotationOptions> & { faults?: Faults } = {}) =>
  rotateMasterKey(dataDir, { random: systemRandom(), faults: noFaults, ...more });

const masterKeyIn = (dataDir: string): string => readFileSync(join(dataDir, 'master.key'), 'utf8');

/** Every text of the database that looks sealed, whatever it is called. */
const looksSealed = (dataDir: string): string[] => {
  const database = new DatabaseSync(join(dataDir, 'kindred.db'), { readOnly: true });
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
  const rows = tables.flatMap(({ name }) =>
    database.prepare(`SELECT * FROM "${String(name)}"`).all(),
  );
  database.close();
  return rows
    .flatMap((row) => Object.values(row))
    .flatMap((value) => String(value).match(/\bv1\.[A-Za-z0-9+/]{20,}={0,2}/g) ?? []);
};

test('what is sealed opens under the new key, is in no file under the old, and is all declared', async (t) => {
  const dataDir = folder(t);
  const made = await over(dataDir, async (k) => {
    const account = await k.newAccount();
    const key = await k.call('CreateAccessKey', {});
    const instance = await runInstance(k, { ...LEAST, UserData: userData });
    return { account, key, instance, token: k.kindred.house.secrets.sealToken('a session') };
  });
  const before = readSealed(dataDir);
  assert.equal(before.length, 5);
  assert.deepEqual(looksSealed(dataDir).toSorted(), before.toSorted());
  const oldKey = masterKeyIn(dataDir);

  const { secretCount, oldKeyFile } = await rotate(dataDir);
  assert.equal(secretCount, before.length);
  assert.notEqual(masterKeyIn(dataDir), oldKey);
  assert.equal(readFileSync(oldKeyFile!, 'utf8'), oldKey);
  const after = readSealed(dataDir);
  assert.deepEqual(looksSealed(dataDir).toSorted(), after.toSorted());
  for (const name of readdirSync(dataDir).filter((each) => each.startsWith('kindred.db')))
    for (const text of before)
      assert.ok(!readFileSync(join(dataDir, name)).includes(text), `${name} has an old text`);

  await over(dataDir, async (k) => {
    await k.call('DescribeRegions', {});
    await k.call('DescribeRegions', {}, { as: made.account });
    const { UserData } = await k.call('DescribeUserData', {
      RegionId: LEAST.RegionId!,
      InstanceId: made.instance,
    });
    assert.equal(UserData, userData);
    assert.equal(k.kindred.house.secrets.openToken(made.token), undefined);
  });
});

for (const point of UNDER_WAY)
  test(`a rotation that ends at ${point} leaves a directory with the right key`, async (t) => {
    const dataDir = folder(t);
    await over(dataDir, async () => undefined);
    const oldKey = masterKeyIn(dataDir);
    await assert.rejects(rotate(dataDir, { faults: throwAt(point) }), /fault at/);
    await over(dataDir, (k) => k.call('DescribeRegions', {}));
    const isOld = point === 'rotate.next' || point === 'rotate.sealed';
    assert.equal(masterKeyIn(dataDir) === oldKey, isOld);
    assert.ok(!existsSync(join(dataDir, 'master.key.next')));
    assert.equal(existsSync(join(dataDir, 'old-master-keys')), !isOld);
    await rotate(dataDir);
    await over(dataDir, (k) => k.call('DescribeRegions', {}));
  });

test('a key of the environment gives way to another, and a repeated call says so', async (t) => {
  const dataDir = folder(t);
  const [first, second, third] = KEYS;
  await over(dataDir, async () => undefined, first);
  const both = { masterKey: first!, newMasterKey: second! };
  const faults = throwAt('rotate.sealed');
  await assert.rejects(rotate(dataDir, { ...both, faults }), /fault at/);
  await over(dataDir, (k) => k.call('DescribeRegions', {}), first);
  assert.equal((await rotate(dataDir, both)).secretCount, 2);
  assert.equal((await rotate(dataDir, both)).secretCount, 0);
  await over(dataDir, (k) => k.call('DescribeRegions', {}), second);
  await assert.rejects(
    over(dataDir, async () => undefined, first),
    /master key is not the one/,
  );
  assert.ok(!existsSync(join(dataDir, 'master.key')));
  const wrong = rotate(dataDir, { masterKey: first!, newMasterKey: third! });
  await assert.rejects(wrong, /nothing was changed/);
  await over(dataDir, (k) => k.call('DescribeRegions', {}), second);
});

test('a rotation is refused beside a server, without a directory, and with half of the keys', async (t) => {
  const dataDir = folder(t);
  await assert.rejects(rotate(join(dataDir, 'none')), /no data directory/);
  assert.ok(!existsSync(join(dataDir, 'none')));
  await over(dataDir, async () => {
    await assert.rejects(rotate(dataDir), /a server runs on .*; stop it/);
  });
  const [masterKey, newMasterKey] = KEYS as [string, string];
  await assert.rejects(rotate(dataDir, { masterKey }), /KINDRED_NEW_MASTER_KEY/);
  await assert.rejects(rotate(dataDir, { newMasterKey }), /goes with KINDRED_MASTER_KEY/);
  const same = { masterKey, newMasterKey: masterKey };
  await assert.rejects(rotate(dataDir, same), /is the old one/);
  await over(dataDir, (k) => k.call('DescribeRegions', {}));
});
