import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { UploadLocked, UploadLocks } from './locks.ts';

const open = () => new UploadLocks(() => performance.now(), { waitMs: 150, silentMs: 80 });

test('the second waits for the first, and is refused when that takes long', async () => {
  const locks = open();
  await locks.acquire('a', () => undefined);
  await locks.acquire('b', () => undefined);
  const second = locks.acquire('a', () => undefined);
  await sleep(20);
  locks.release('a');
  await second;
  await assert.rejects(
    locks.acquire('a', () => undefined),
    UploadLocked,
  );
});

test('a holder that moves is left alone, one that is silent is asked to give way', async () => {
  const locks = open();
  let asked = 0;
  const giveWay = (): void => {
    asked += 1;
    locks.release('a');
  };
  await locks.acquire('a', giveWay);
  const moving = setInterval(() => locks.touch('a'), 10);
  await assert.rejects(
    locks.acquire('a', () => undefined),
    UploadLocked,
  );
  clearInterval(moving);
  assert.equal(asked, 0);
  await locks.acquire('a', () => undefined);
  assert.equal(asked, 1);
});

test('of many that wait one gets it at a time', async () => {
  const locks = new UploadLocks(() => performance.now());
  let inside = 0;
  let most = 0;
  const enter = async (): Promise<void> => {
    await locks.acquire('a', () => undefined);
    most = Math.max(most, ++inside);
    await sleep(1);
    inside -= 1;
    locks.release('a');
  };
  await Promise.all(Array.from({ length: 20 }, enter));
  assert.equal(most, 1);
});
