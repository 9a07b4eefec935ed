import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../domain/job.ts';
import { fairOrder } from './fair-order.ts';

const job = (jobId: string): Job => ({ jobId, accountId: jobId.slice(0, 1) }) as Job; // all it reads
const ids = (jobs: readonly Job[]): string => jobs.map(({ jobId }) => jobId).join(' ');

test('the account with the fewest at work comes first, then the oldest', () => {
  const due = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map(job);
  assert.equal(ids(fairOrder(due, [], 6)), 'a1 b1 c1 a2 b2 a3');
  assert.equal(ids(fairOrder(due, [], 2)), 'a1 b1');
  assert.equal(ids(fairOrder(due, [job('a0'), job('b0'), job('b9')], 3)), 'c1 a1 a2');
  assert.equal(ids(fairOrder(due, [], 0)), '');
  assert.equal(ids(fairOrder([], [], 3)), '');
  assert.equal(ids(fairOrder(due, [], -1)), '');
});
