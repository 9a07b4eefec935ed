// Whether the time of a refusal tells how much of a signature was right. Two hundred thousand requests with
// a signature that is wrong in its first letter, and in its last but one, in turns; Welch's t of their times
// stays small. The slowest are left out on both sides alike: they tell of the machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../src/errors.ts';
import { parseEnvelope } from '../../src/wire/envelope.ts';
import { parseParameters } from '../../src/wire/params.ts';
import type { WireRequest } from '../../src/wire/request.ts';
import { sameText } from '../../src/wire/compare.ts';
import { verifySignature } from '../../src/wire/signature.ts';
import { filesOf, textOf } from '../repo/tree.ts';
import { v1, v3 } from './sign.ts';

const ROUNDS = 100_000;
const WARM_UP = 5_000;
/** Of the times, in order. */
const KEPT = 0.5;
/** A difference of the code is in each measurement, a busy machine in some. */
const MEASUREMENTS = 8;
const LARGEST_T = 4.5;

const key = { accessKeyId: 'LTAItiming', accessKeySecret: 'secret-of-thirty-letters-or-so' };
const nowMs = Date.UTC(2026, 10, 24, 12);

const meanAndVariance = (times: Float64Array): [mean: number, variance: number, count: number] => {
  const kept = times.toSorted().subarray(0, Math.floor(times.length * KEPT));
  const mean = kept.reduce((sum, time) => sum + time, 0) / kept.length;
  const squares = kept.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  return [mean, squares / (kept.length - 1), kept.length];
};

const welch = (a: Float64Array, b: Float64Array): number => {
  const [meanA, varianceA, countA] = meanAndVariance(a);
  const [meanB, varianceB, countB] = meanAndVariance(b);
  return (meanA - meanB) / Math.sqrt(varianceA / countA + varianceB / countB);
};

/** Runs both in turns, the first of each pair in turns too. */
const compare = (first: () => void, second: () => void): number => {
  const times = [new Float64Array(ROUNDS), new Float64Array(ROUNDS)] as const;
  const runs = [first, second] as const;
  for (let i = -WARM_UP; i < ROUNDS; i += 1)
    for (const which of i % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const startNs = process.hrtime.bigint();
      runs[which]();
      if (i >= 0) times[which][i] = Number(process.hrtime.bigint() - startNs);
    }
  return welch(times[0], times[1]);
};

/** Of some measurements the smallest counts. */
const smallestT = (first: () => void, second: () => void): number => {
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MEASUREMENTS && smallest >= LARGEST_T; i += 1)
    smallest = Math.min(smallest, Math.abs(compare(first, second)));
  return smallest;
};

const flipped = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);

/**
 * One request, verified with the one or the other wrong signature: nothing else differs, neither an object
 * nor where it lies in memory.
 */
const refusalsOf = (
  request: WireRequest,
  places: readonly [number, number],
): [first: () => void, second: () => void] => {
  const parameters = parseParameters(request);
  const envelope = parseEnvelope(request, parameters);
  // What is written over; both kinds of envelope hold it in their own place.
  const holder = envelope.scheme === 'v1' ? envelope : envelope.authorization;
  const { signature } = holder;
  const refuse = (wrong: string) => () => {
    Object.assign(holder, { signature: wrong });
    try {
      verifySignature(request, parameters, envelope, key.accessKeySecret);
      assert.fail('it was taken');
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  };
  // Through bytes, so that both are made alike.
  const made = (at: number) => Buffer.from(flipped(signature, at)).toString('latin1');
  return [refuse(made(places[0])), refuse(made(places[1]))];
};

const requestV1 = v1({ key, nowMs, system: { SignatureNonce: 'n' } });
const requestV3 = v3({ key, nowMs, headers: { 'x-acs-signature-nonce': 'n' } });

test('the measurement sees a comparison that ends at the first difference', () => {
  const right = Array.from({ length: 512 }, () => 'a').join('');
  const leaky = (text: string) => () => {
    for (let i = 0; i < right.length; i += 1)
      if (right.charCodeAt(i) !== text.charCodeAt(i)) return;
  };
  const t = Math.abs(compare(leaky(flipped(right, 0)), leaky(flipped(right, 511))));
  assert.ok(t > LARGEST_T, `t = ${t}`);
});

test('the time of a refusal does not tell where a signature is wrong', (t) => {
  for (const [name, request, last] of [
    ['V1', requestV1, 26],
    ['V3', requestV3, 63],
  ] as const) {
    const smallest = smallestT(...refusalsOf(request, [0, last]));
    t.diagnostic(`${name}: |t| = ${smallest.toFixed(2)} over ${2 * ROUNDS} requests`);
    assert.ok(smallest < LARGEST_T, `${name}: |t| = ${smallest}`);
  }
});

test('one comparison in constant time, of any lengths, and no other that could throw', () => {
  const users = filesOf('src/**/*.ts').filter((path) => textOf(path).includes('timingSafeEqual'));
  // The test controls compare digests of what was given, whose lengths are equal always.
  assert.deepEqual(users, ['src/server/test-controls/guard.ts', 'src/wire/compare.ts']);
  assert.match(textOf(users[0]!), /timingSafeEqual\(digest\(\w+\), digest\(\w+\)\)/);
  for (const length of [0, 1, 27, 28, 29, 64, 10_000])
    assert.equal(sameText('a'.repeat(length), 'a'.repeat(28)), length === 28);
  // What verifies a signature, a token or a part of an address uses it.
  for (const path of [
    'src/wire/signature-v1.ts',
    'src/wire/signature-v3.ts',
    'src/server/oss/authenticate.ts',
    'src/server/content-path.ts',
  ])
    assert.match(textOf(path), /sameText\(/, path);
});
