// Proof that the comparison of the model test sees: four wrong resolvers, each close to the right one,
// take the place of the rule, and each must be caught. One that gets through is a blind test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image } from '../../src/domain/image.ts';
import { checkRuns } from './check-runs.ts';
import type { Resolver } from './compare.ts';

const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 1_000_000);
/** A wrong resolver is caught within so many runs, or not at all. */
const NUM_RUNS = 20;

/** The first of the family's Available images in the given order. */
const firstBy =
  (
    order: (a: Image, b: Image) => number,
    isCandidate = (image: Image) => image.status === 'Available',
  ): Resolver =>
  (family, candidates) =>
    candidates
      .filter((image) => image.imageFamily === family && isCandidate(image))
      .toSorted(order)[0];

const MUTANTS: Readonly<Record<string, Resolver>> = {
  'orders by name': firstBy((a, b) => (a.imageName > b.imageName ? -1 : 1)),
  'ignores the status': firstBy(
    (a, b) => b.seq - a.seq,
    () => true,
  ),
  'takes the oldest': firstBy((a, b) => a.seq - b.seq),
  'orders by CreationTime, and ties go to the image accepted first': firstBy(
    (a, b) => b.creationMs - a.creationMs || a.seq - b.seq,
  ),
};

for (const [name, resolve] of Object.entries(MUTANTS))
  test(`a resolver that ${name} is caught (seed ${seed})`, async () => {
    await assert.rejects(
      checkRuns({ numRuns: NUM_RUNS, commandCount: 40, seed, resolve, endOnFailure: true }),
      (error: Error) => /the resolver on/.test(String(error.cause)),
    );
  });
