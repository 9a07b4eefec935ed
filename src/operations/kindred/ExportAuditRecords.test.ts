import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ExportAuditRecords } from './ExportAuditRecords.ts';

testOperation(
  ExportAuditRecords,
  {
    InvalidParameter: (t) => t.call({ EndTime: 'soon' }),
    NoPermission: async (t) => t.call({}, { as: await t.k.newAccount() }),
  },
  { isShared: true },
);

test('a stranger verifies the lines with a hash function and no parser', async (t) => {
  const k = await kindred(t);
  for (let i = 0; i < 6; i++) await k.call('CreateVpc', { RegionId: REGION, VpcName: `päir-${i}` });
  const lines: string[] = [];
  for (let after = 0; ;) {
    const page = await k.call('ExportAuditRecords', {
      MaxResults: '3',
      AfterSequence: String(after),
    });
    lines.push(...page.Lines.Line);
    after = page.NextSequence;
    if (after === 0) break;
  }
  assert.equal(lines.length, 8);
  let previous = '0'.repeat(64);
  for (const [i, line] of lines.entries()) {
    // `,"hash":"` and 64 digits and `"}` are the last 75 characters.
    const hashed = `${line.slice(0, -75)}}`;
    const hash = line.slice(-66, -2);
    assert.ok(line.startsWith(`{"sequence":${i + 1},"previousHash":"${previous}",`));
    assert.equal(createHash('sha256').update(hashed, 'utf8').digest('hex'), hash);
    previous = hash;
  }
});

test('a span of time gives the lines of that time without a gap', async (t) => {
  const k = await kindred(t);
  for (let i = 0; i < 4; i++) {
    k.clock.advance(60_000);
    await k.call('CreateVpc', { RegionId: REGION, VpcName: `pair-${i}` });
  }
  const times = { StartTime: '2026-11-24T12:02:00Z', EndTime: '2026-11-24T12:04:00Z' };
  const { Lines, NextSequence } = await k.call('ExportAuditRecords', times);
  const names = Lines.Line.map((line: string) => JSON.parse(line).requestParameters.VpcName);
  assert.deepEqual([names, NextSequence], [['pair-1', 'pair-2'], 0]);
  const none = await k.call('ExportAuditRecords', { StartTime: '2027-01-01T00:00:00Z' });
  assert.deepEqual(none.Lines.Line, []);
});
