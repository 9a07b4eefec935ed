import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tx } from '../domain/tx.ts';
import { kindred } from '../testing/harness.ts';
import { makeUser, makeUserKey } from '../testing/ram.ts';
import { noteOnce } from './note-once.ts';

test('a burst of calls with a key writes one note of its use, and the next step another', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const as = await makeUserKey(k);
  const { store } = k.kindred.house;
  const write = store.write.bind(store);
  let notes = 0;
  t.mock.method(store, 'write', (...[actor, fn]: Parameters<typeof write>) => {
    if (actor.principal === 'kindred') notes += 1;
    return write(actor, fn);
  });
  const burst = () =>
    Promise.all(Array.from({ length: 50 }, () => k.call('GetCallerIdentity', {}, { as })));
  await burst();
  assert.equal(notes, 1);
  // The note is written after the answers: what is written now comes behind it.
  await k.call('UpdateUser', { UserName: 'ann' });
  k.clock.advance(11 * 60_000);
  await burst();
  assert.equal(notes, 2);
});

test('what could not be noted is noted with the next use', async () => {
  const waitingNotes = new Set<string>();
  let tries = 0;
  const store = { write: () => ((tries += 1), Promise.reject(new Error('no disk'))) };
  const house = { store, waitingNotes, log: { debug: () => undefined } } as never; // its three parts
  const note = (_tx: Tx) => Promise.resolve();
  for (let i = 0; i < 3; i++) {
    noteOnce(house, 'key', 0, note);
    noteOnce(house, 'key', 0, note);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual([tries, waitingNotes.size], [3, 0]);
});
