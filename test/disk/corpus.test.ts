// Every image of the corpus gets the verdict, the reason, the format and the size that it must get.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inspect, type Verdict } from '../../src/disk/inspect.ts';
import { REASONS, WARNINGS } from '../../src/disk/reasons.ts';
import { corpus } from './corpus/corpus.ts';

const cases = corpus();

/** The verdict in the words of the manifest. */
function told(verdict: Verdict) {
  return verdict.verdict === 'accepted'
    ? {
        verdict: 'accept',
        reason: verdict.warnings[0]?.code,
        format: verdict.format,
        virtualSize: BigInt(verdict.virtualSizeBytes),
      }
    : {
        verdict: 'reject',
        reason: verdict.reason,
        format: verdict.format,
        virtualSize: verdict.claimedSizeBytes,
      };
}

test('the corpus is told right, image by image', async (t) => {
  for (const { group, name, declaredFormat, image, ...expected } of cases)
    await t.test(`${group}: ${name}`, () => {
      const { verdict, reason, format, virtualSize } = expected;
      const found = inspect(image, { declaredFormat });
      assert.deepEqual(told(found), { verdict, reason, format, virtualSize });
      if (found.verdict === 'accepted')
        assert.deepEqual(
          found.warnings.map(({ code }) => code),
          reason === undefined ? [] : [reason],
        );
    });
});

test('the corpus is large, holds every reason and every warning, and no name twice', () => {
  assert.ok(cases.length >= 250, `${cases.length} images`);
  const names = cases.map(({ group, name }) => `${group}/${name}`);
  assert.equal(new Set(names).size, names.length);
  const reasons = new Set(cases.map(({ reason }) => reason));
  const missing = [...Object.keys(REASONS), ...Object.keys(WARNINGS)].filter(
    (code) => !reasons.has(code as never),
  );
  assert.deepEqual(missing, []);
});

test('the corpus is the same at every run', () => {
  const digest = (list: readonly { image: { sha256(): string } }[]) =>
    list
      .reduce((hash, { image }) => hash.update(image.sha256()), createHash('sha256'))
      .digest('hex');
  const small = (list: typeof cases) => list.filter(({ image }) => image.sizeBytes < 2 ** 18);
  assert.equal(digest(small(corpus())), digest(small(cases)));
});
