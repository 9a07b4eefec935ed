// The two doors: what is acknowledged is committed, what throws leaves nothing, neighbours in one
// commit do not harm each other, a reader sees one moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptImage } from '../../src/domain/image-lifecycle.ts';
import { DEFAULT_QUOTAS } from '../../src/domain/quota.ts';
import type { SqliteStore } from '../../src/store/sqlite/open.ts';
import { actor, draft, scope, temporaryStore } from './sample.ts';

const accept = (store: SqliteStore, n: number, family: string | null = null) =>
  store.write(actor, (tx) =>
    acceptImage(tx, draft(n, family), [], [], 'Available', DEFAULT_QUOTAS),
  );

const total = (store: SqliteStore) =>
  store.read(async (tx) => (await tx.images(scope, {}, { limit: 1, offset: 0 })).total);

test('a write that throws leaves nothing, and its neighbours in the same commit stay', async (t) => {
  const store = temporaryStore(t);
  const outcomes = await Promise.allSettled([
    accept(store, 1),
    store.write(actor, async (tx) => {
      await acceptImage(tx, draft(2), [], [], 'Available', DEFAULT_QUOTAS);
      throw new Error('refused');
    }),
    accept(store, 3),
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal(await total(store), 2);
  const counters = await store.read((tx) => tx.accountRegion(scope));
  assert.equal(counters?.imageCount, 2);
});

test('effects run once after the commit, and never after a roll-back', async (t) => {
  const store = temporaryStore(t, { rehearse: true });
  const effects: string[] = [];
  await store.write(actor, async (tx) => {
    tx.afterCommit(() => effects.push('kept'));
    await tx.ensureAccountRegion(scope);
  });
  await store
    .write(actor, async (tx) => {
      tx.afterCommit(() => effects.push('rolled back'));
      throw new Error('refused');
    })
    .catch(() => undefined);
  assert.deepEqual(effects, ['kept']);
});

test('a write that awaits something else than a verb is refused and rolled back', async (t) => {
  const store = temporaryStore(t);
  const slow = store.write(actor, async (tx) => {
    await acceptImage(tx, draft(1), [], [], 'Available', DEFAULT_QUOTAS);
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  await assert.rejects(slow, /not a verb/);
  assert.equal(await total(store), 0);
});

test('a reader sees one moment, whatever is committed meanwhile', async (t) => {
  const store = temporaryStore(t);
  await accept(store, 1);
  await store.read(async (tx) => {
    const before = await tx.images(scope, {}, { limit: 10, offset: 0 });
    await accept(store, 2);
    const after = await tx.images(scope, {}, { limit: 10, offset: 0 });
    assert.equal(before.total, 1);
    assert.equal(after.total, 1);
  });
  assert.equal(await total(store), 2);
});

test('64 parallel writes at the edge of a quota: exactly as many as fit', async (t) => {
  const store = temporaryStore(t);
  const quotas = { ...DEFAULT_QUOTAS, imagesPerFamily: 10 };
  const outcomes = await Promise.all(
    Array.from({ length: 64 }, (_, n) =>
      store
        .write(actor, async (tx) => {
          const outcome = await acceptImage(tx, draft(n, 'web'), [], [], 'Available', quotas);
          // As an operation does: a refusal is thrown, so that the savepoint takes it back.
          if (!outcome.accepted) throw new Error(outcome.refusal);
          return true;
        })
        .catch((error: Error) => error.message),
    ),
  );
  assert.equal(outcomes.filter((outcome) => outcome === true).length, 10);
  assert.equal(outcomes.filter((outcome) => outcome === 'family-full').length, 54);
  assert.equal((await store.read((tx) => tx.family(scope, 'web')))?.imageCount, 10);
});

test('creation times never run backwards and sequences never repeat', async (t) => {
  const store = temporaryStore(t);
  const drawn: { seq: number; creationMs: number }[] = [];
  for (const nowMs of [5_000, 1_000, 9_000, 2_000])
    drawn.push(
      await store.write({ ...actor, nowMs }, async (tx) => {
        await tx.ensureAccountRegion(scope);
        return tx.drawSeq(scope, nowMs);
      }),
    );
  assert.deepEqual(
    drawn.map(({ seq }) => seq),
    [1, 2, 3, 4],
  );
  assert.deepEqual(
    drawn.map(({ creationMs }) => creationMs),
    [5_000, 5_000, 9_000, 9_000],
  );
});
