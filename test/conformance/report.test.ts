// The report of a run: what it prints, and what makes it fail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broken, drivenIn, refreshed, type Driven } from './driven.ts';
import type { Recorded } from './record.ts';
import { table, unlisted } from './report.ts';

const PACKER: Recorded = {
  client: 'Packer',
  version: '1.6.6',
  suite: 'packer',
  passed: true,
  operations: { DescribeImages: { OK: 3 }, RunInstances: { InvalidParameter: 1 } },
  ignored: { 'DescribeImages Foo': 2 },
};
const GO: Recorded = {
  client: 'Go SDK',
  version: '7.0.0',
  suite: 'go',
  passed: false,
  skipped: 'no Go',
  operations: {},
  ignored: {},
};
const CLAIM: Driven = {
  client: 'Packer',
  version: '1.6.5',
  suite: 'packer',
  date: '2026-01-01',
  operations: ['DescribeImages', 'RunInstances'],
};

test('one row a client: version, operations, calls, outcome', () => {
  const failed = { ...PACKER, client: 'Terraform', passed: false };
  assert.equal(
    table([PACKER, { ...PACKER, operations: { TagResources: { OK: 1 } } }, GO, failed]),
    [
      'client     version  operations  calls  outcome',
      'Go SDK     7.0.0    0           0      skipped: no Go',
      'Packer     1.6.6    2           5      passed',
      'Terraform  1.6.6    1           4      FAILED: 1 of 1 tests',
      '',
    ].join('\n'),
  );
});

test('an operation that is only answered with errors is not driven', () => {
  const suites = new Set(['packer', 'go']);
  assert.deepEqual(broken([CLAIM], [PACKER], suites), [
    'Packer in packer no longer drives RunInstances',
  ]);
  assert.deepEqual(broken([CLAIM], [], new Set(['go'])), []);
  assert.equal(broken([CLAIM], [], suites).length, 1);
  assert.deepEqual(broken([{ ...CLAIM, client: 'Go SDK', suite: 'go' }], [GO], suites), []);
});

test('a refresh replaces what was seen to pass and keeps the rest', () => {
  const seen = drivenIn([PACKER, GO, { ...PACKER, suite: 'late', passed: false }], '2026-11-24');
  const now = { ...CLAIM, version: '1.6.6', date: '2026-11-24', operations: ['DescribeImages'] };
  assert.deepEqual(seen, [now]);
  const other = { ...CLAIM, client: 'Go SDK', suite: 'go' };
  const gone = { ...CLAIM, suite: 'removed' };
  const suites = new Set(['packer', 'go']);
  assert.deepEqual(refreshed([CLAIM, other, gone], seen, suites), [other, now]);
});

test('a parameter that nothing read fails the run unless it is listed for that client', () => {
  const entry = { operation: 'DescribeImages', parameter: 'Foo', reason: 'because' };
  assert.deepEqual(unlisted([PACKER, PACKER], [{ ...entry, client: 'Terraform' }]), [
    'Packer sends DescribeImages the parameter Foo, which nothing read',
  ]);
  assert.deepEqual(unlisted([PACKER], [{ ...entry, client: 'Packer' }]), []);
});
