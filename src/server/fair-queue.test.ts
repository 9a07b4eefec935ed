import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FairQueue, type FairQueueOptions } from './fair-queue.ts';

/** A queue whose turns come when the test says so, and what it did, in order. */
const scene = (options: FairQueueOptions = {}) => {
  const turns: (() => void)[] = [];
  const log: string[] = [];
  const gone = new Set<string>();
  const queue = new FairQueue({ maxBegun: 2, ...options, later: (run) => void turns.push(run) });
  return {
    queue,
    log,
    gone,
    enter(name: string, line: string | readonly string[] = name[0]!, sizeBytes = 0) {
      queue.enter({
        sizeBytes,
        line: () => (typeof line === 'string' ? [line] : line),
        begin: () => void log.push(name),
        refuse: () => void log.push(`no ${name}`),
        isGone: () => gone.has(name),
      });
    },
    /** One turn of the loop; false when none was asked for. */
    turn(): boolean {
      const due = turns.splice(0);
      for (const run of due) run();
      return due.length > 0;
    },
    end() {
      while (this.turn());
    },
  };
};

test('who finds nobody waiting begins at once, and the loop comes to rest', () => {
  const { enter, log, turn, queue } = scene();
  for (let call = 0; call < 5; call++) {
    enter(`a${call}`);
    assert.equal(log.length, call + 1);
    assert.ok(turn());
    while (turn());
  }
  assert.equal(queue.waiting, 0);
  assert.equal(turn(), false);
});

test('a few begin in one turn, and nobody overtakes in his own line', () => {
  const s = scene();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) s.enter(name);
  assert.deepEqual(s.log, ['a1', 'a2']);
  assert.equal(s.queue.waiting, 3);
  s.turn();
  assert.deepEqual(s.log, ['a1', 'a2', 'a3', 'a4']);
  // There is room in the turn to come, but somebody waits.
  s.enter('a6');
  assert.equal(s.queue.waiting, 2);
  s.end();
  assert.deepEqual(s.log, ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
});

test('the one call of another is next, however many wait in the line of a flood', () => {
  const s = scene();
  for (let call = 0; call < 100; call++) s.enter(`f${call}`);
  s.enter('honest', 'h');
  s.turn();
  assert.ok(s.log.includes('honest'));
  assert.equal(s.log.length, 4);
});

test('strangers have one turn together, and take it by address in turn', () => {
  const s = scene({ maxBegun: 1 });
  s.enter('first', 'f');
  for (let call = 0; call < 3; call++) {
    s.enter(`x${call}`, ['strangers', 'x']);
    s.enter(`y${call}`, ['strangers', 'y']);
    s.enter(`a${call}`, ['a']);
    s.enter(`b${call}`, ['b']);
  }
  s.end();
  assert.deepEqual(s.log.join(' '), 'first x0 a0 b0 y0 a1 b1 x1 a2 b2 y1 x2 y2');
});

test('a line that grows without end leaves room to others, and strangers to one another', () => {
  const s = scene({ maxWaiting: 40 });
  for (let call = 0; call < 100; call++) s.enter(`f${call}`);
  assert.equal(s.queue.waiting, 20);
  for (let call = 0; call < 100; call++) s.enter(`x${call}`, ['strangers', 'x']);
  assert.equal(s.queue.waiting, 25);
  for (let call = 0; call < 100; call++) s.enter(`y${call}`, ['strangers', 'y']);
  for (const name of ['a', 'b', 'c']) s.enter(name);
  assert.ok(s.queue.waiting <= 40);
  s.end();
  for (const name of ['a', 'b', 'c', 'y0']) assert.ok(s.log.includes(name), name);
  assert.ok(s.log.includes('no f99') && s.log.includes('no x99') && s.log.includes('no y99'));
  assert.equal(s.log.length, 303);
});

test('the bodies of those who wait are bounded together, and freed when they begin', () => {
  const s = scene({ maxBegun: 1, maxWaitingBytes: 10 });
  for (const name of ['a1', 'b1', 'c1']) s.enter(name, name[0], 6);
  assert.deepEqual(s.log, ['a1', 'no c1']);
  s.end();
  for (const name of ['a2', 'b2', 'c2']) s.enter(name, name[0], 6);
  assert.deepEqual(s.log, ['a1', 'no c1', 'b1', 'a2', 'no c2']);
});

test('who has gone away while waiting takes no turn', () => {
  const s = scene();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) s.enter(name);
  s.gone.add('a3').add('a5');
  s.end();
  assert.deepEqual(s.log, ['a1', 'a2', 'a4']);
  assert.equal(s.queue.waiting, 0);
});

test('whatever comes when: each in its order, none lost, and never more others of one line before than turns allow', () => {
  const step = fc.oneof(fc.constant('turn'), fc.constantFrom('a', 'b', 'c', 'd'));
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 5 }),
      (steps, max) => {
        const s = scene({ maxBegun: max });
        const entered: string[] = [];
        for (const what of steps)
          if (what === 'turn') s.turn();
          else {
            entered.push(`${what}${entered.length}`);
            s.enter(entered.at(-1)!);
          }
        const before = s.log.length;
        s.end();
        assert.deepEqual(s.log.toSorted(), entered.toSorted());
        for (const line of 'abcd') {
          const of = (names: string[]) => names.filter((name) => name.startsWith(line));
          assert.deepEqual(of(s.log), of(entered));
        }
        // Those who waited at the end: one of each line in turn.
        const rest = s.log.slice(before).map((name) => name[0]!);
        for (const line of 'abcd') {
          const places = rest.flatMap((name, at) => (name === line ? [at] : []));
          places.forEach((place, nth) => {
            const others = rest.slice(0, place).filter((name) => name !== line);
            for (const other of new Set(others))
              assert.ok(others.filter((name) => name === other).length <= nth + 1);
          });
        }
      },
    ),
  );
});
