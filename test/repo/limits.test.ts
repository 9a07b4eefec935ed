// The page of limits: numbered without gaps, and each names tests that are there.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { missingTests, type NamedTest } from './named-tests.ts';
import { textOf } from './tree.ts';

const PAGE = 'docs/guide/limits.md';
const limits = [...textOf(PAGE).matchAll(/^(\d+)\. (.+)$/gm)].map(([, number, text = '']) => ({
  number: Number(number),
  tests: [...text.matchAll(/\[([^\]]+)\]\(([^)]+\.test\.ts)\)/g)].map(
    ([, name = '', path = '']): NamedTest => [join('docs/guide', path), name],
  ),
}));

test('the limits are numbered, and each has a test that is there', () => {
  assert.ok(limits.length > 20);
  assert.deepEqual(
    limits.map(({ number }) => number),
    limits.map((_, index) => index + 1),
  );
  assert.deepEqual(
    limits.filter(({ tests }) => tests.length === 0),
    [],
  );
  assert.deepEqual(missingTests(limits.flatMap(({ tests }) => tests)), []);
});
