// The list of attacks and the tests that it names: each is there, so that neither a renamed test nor a
// removed one leaves a promise behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOfTest, readAttacks } from '../../tools/gen/attacks-page.ts';
import { missingTests } from './named-tests.ts';
import { ROOT } from './tree.ts';

/** How many there are in each section. */
const COUNTS = { '3.1': 16, '3.2': 18, '3.3': 13, '3.4': 12, '3.5': 12 };

const sections = readAttacks(ROOT);

test('the list of attacks is whole and in order', () => {
  assert.deepEqual(
    Object.fromEntries(sections.map(({ section, attacks }) => [section, attacks.length])),
    COUNTS,
  );
  for (const { attacks } of sections)
    assert.deepEqual(
      attacks.map(({ number }) => number),
      attacks.map((_, i) => i + 1),
    );
});

test('each attack has an answer and a test, or a reason why it cannot be tried', () => {
  const bare = sections
    .flatMap(({ attacks }) => attacks)
    .filter(({ answer, tests, absent }) => (answer === '' || tests.length === 0) && !absent);
  assert.deepEqual(bare, []);
});

test('each test that the list names is there', () => {
  const named = sections.flatMap(({ attacks }) => attacks.flatMap(({ tests }) => tests));
  assert.deepEqual(missingTests(named.map(partsOfTest)), []);
  assert.ok(new Set(named.map((text) => partsOfTest(text)[0])).size > 30);
});
