import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { VerifyAuditTrail } from './VerifyAuditTrail.ts';

testOperation(
  VerifyAuditTrail,
  {
    InvalidParameter: (t) => t.call({ AfterSequence: '1' }),
    NoPermission: async (t) => t.call({}, { as: await t.k.newAccount() }),
  },
  { isShared: true },
);

const made = async (t: TestContext): Promise<Harness> => {
  const k = await kindred(t);
  for (let i = 0; i < 5; i++) await k.call('CreateVpc', { RegionId: REGION, VpcName: `pair-${i}` });
  return k;
};

/** As somebody would who can write the file. */
const tamper = (k: Harness, sql: string): void => {
  const database = new DatabaseSync(join(k.dataDir, 'kindred.db'));
  database.exec(sql);
  database.close();
};

const kinds = async (k: Harness): Promise<string[]> => {
  const { Faults } = await k.call('VerifyAuditTrail');
  return Faults.Fault.map(
    ({ Kind, Sequence }: { Kind: string; Sequence: number }) => `${Kind} ${Sequence}`,
  );
};

test('a whole trail is whole, also part by part', async (t) => {
  const k = await made(t);
  assert.deepEqual(await kinds(k), []);
  let answer = await k.call('VerifyAuditTrail', { MaxRecords: '3' });
  assert.deepEqual([answer.CheckedCount, answer.IsAtHead], [3, false]);
  let count = 3;
  while (!answer.IsAtHead) {
    answer = await k.call('VerifyAuditTrail', {
      MaxRecords: '3',
      AfterSequence: String(answer.LastSequence),
      AfterHash: answer.LastHash,
    });
    count += answer.CheckedCount;
    assert.equal(answer.FaultCount, 0);
  }
  assert.equal(count, 7);
});

test('one removed record is found', async (t) => {
  const k = await made(t);
  tamper(k, 'DELETE FROM audit_record WHERE sequence = 4');
  assert.deepEqual(await kinds(k), ['removed 5']);
});

test('the first records, removed without a cut, are found', async (t) => {
  const k = await made(t);
  tamper(k, 'DELETE FROM audit_record WHERE sequence < 3');
  assert.deepEqual(await kinds(k), ['removed 3']);
});

test('one altered record is found, with and without a hash that fits', async (t) => {
  const k = await made(t);
  tamper(
    k,
    `UPDATE audit_record SET record = replace(record, '127.0.0.1"', '192.0.2.1"') WHERE sequence = 4`,
  );
  assert.deepEqual(await kinds(k), ['altered 4']);
  const { createHash } = await import('node:crypto');
  const [row] = await k.store.read((tx) => tx.auditRecordsAfter(3, 1));
  const hash = createHash('sha256').update(row!.record).digest('hex');
  tamper(k, `UPDATE audit_record SET hash = '${hash}' WHERE sequence = 4`);
  assert.deepEqual(await kinds(k), ['replaced 5']);
});

test('two swapped records are found', async (t) => {
  const k = await made(t);
  tamper(
    k,
    `UPDATE audit_record SET sequence = -4 WHERE sequence = 4;
     UPDATE audit_record SET sequence = 4 WHERE sequence = 5;
     UPDATE audit_record SET sequence = 5 WHERE sequence = -4`,
  );
  const found = await kinds(k);
  assert.ok(found.includes('removed 5') && found.includes('moved 4'), found.join(', '));
});

test('a column that says something else than its record is found', async (t) => {
  const columns = {
    time_ms: '1',
    account_id: `'1'`,
    principal: `'acs:ram::1:root'`,
    event_name: `'DescribeImages'`,
    request_id: `'x'`,
    resources: `''`,
  };
  const k = await made(t);
  for (const [column, value] of Object.entries(columns)) {
    tamper(
      k,
      `CREATE TABLE kept AS SELECT * FROM audit_record;
       UPDATE audit_record SET ${column} = ${value} WHERE sequence = 4`,
    );
    const { FaultCount, Faults } = await k.call('VerifyAuditTrail');
    assert.equal(FaultCount, 1);
    assert.match(Faults.Fault[0].Message, new RegExp(`column ${column} of record 4`));
    tamper(
      k,
      `DELETE FROM audit_record; INSERT INTO audit_record SELECT * FROM kept; DROP TABLE kept`,
    );
  }
});
