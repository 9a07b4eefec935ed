import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { ApiError } from '../errors.ts';
import { kindred } from '../testing/harness.ts';
import { signedRequest } from '../testing/sign.ts';
import { Throttle } from './throttle.ts';

const clocks = () => {
  let nowMs = 0;
  return {
    wallMs: () => 0,
    monotonicMs: () => nowMs,
    advance: (ms: number) => void (nowMs += ms),
  };
};

const isLetIn = (throttle: Throttle, account: string): boolean => {
  try {
    throttle.take(account, 'read');
    return true;
  } catch (error) {
    assert.ok(error instanceof ApiError && error.code === 'Throttling.User');
    return false;
  }
};

test('over any time an account gets at most its rate and one burst, and never less than its rate', () => {
  const gaps = fc.array(fc.nat(500), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), gaps, (rate, steps) => {
      const clock = clocks();
      const throttle = new Throttle({ read: rate, write: 0 }, clock);
      let letIn = 0;
      let passedMs = 0;
      for (const ms of steps) {
        clock.advance(ms);
        passedMs += ms;
        if (isLetIn(throttle, 'a')) letIn += 1;
      }
      assert.ok(letIn <= Math.floor((passedMs / 1_000) * rate) + rate);
      const slowly = new Throttle({ read: rate, write: 0 }, clock);
      for (let call = 0; call < 2 * rate; call += 1, clock.advance(1_000 / rate))
        assert.ok(isLetIn(slowly, 'a'));
    }),
    { numRuns: 200 },
  );
});

test('accounts and classes do not take from each other, 0 is no limit, and what is told is enough', () => {
  const clock = clocks();
  const throttle = new Throttle({ read: 1, write: 0 }, clock);
  assert.deepEqual(
    [1, 2].map(() => isLetIn(throttle, 'a')),
    [true, false],
  );
  assert.ok(isLetIn(throttle, 'b'));
  for (let call = 0; call < 100; call += 1) throttle.take('a', 'write');
  const refusal = (() => {
    try {
      throttle.look('a', 'read');
    } catch (error) {
      return error;
    }
  })();
  assert.ok(refusal instanceof ApiError && refusal.retryAfterMs === 1_000);
  throttle.look('nobody', 'read');
  clock.advance(999);
  assert.ok(!isLetIn(throttle, 'a'));
  clock.advance(1);
  assert.ok(isLetIn(throttle, 'a'));
});

test('a refusal tells when to come again, changes nothing, and strangers take nothing', async (t) => {
  const k = await kindred(t, { throttle: { read: 40, write: 5 } });
  const stranger = { ...k.rootKey, accessKeySecret: 'wrong' };
  for (let call = 0; call < 60; call += 1) {
    const { code } = await k.refused('DescribeRegions', {}, { as: stranger });
    assert.equal(code, 'SignatureDoesNotMatch');
  }
  const send = () =>
    k.kindred.handle(
      signedRequest(
        {},
        { ...k.rootKey, action: 'DescribeRegions', version: '2014-05-26', nowMs: k.clock.wallMs() },
      ),
    );
  let letIn = 0;
  let answer = await send();
  for (; answer.status === 200 && letIn < 200; letIn += 1) answer = await send();
  assert.ok(letIn >= 40, `${letIn} were let in`);
  assert.match(String(answer.body), /"Code":"Throttling\.User"/);
  const before = k.stateHash();
  const sinceMs = performance.now();
  const again = await send();
  if (again.status !== 200) assert.ok(performance.now() - sinceMs >= 90, 'a client cannot spin');
  assert.equal(k.stateHash(), before);
  await k.call('CreateBucket', { Bucket: 'of-another-class' });
  const retryAfterMs = Number(answer.headers['x-acs-retry-after']);
  assert.ok(retryAfterMs >= 1 && retryAfterMs <= 25, `${retryAfterMs} ms`);
  await sleep(retryAfterMs);
  assert.equal((await send()).status, 200);
});
