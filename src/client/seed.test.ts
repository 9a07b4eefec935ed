import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KindredError } from './kindred-error.ts';
import { applySeed } from './seed.ts';

const IMAGES = Array.from({ length: 250 }, (_, i) => ({
  ImageName: `web-${i}`,
  ImageFamily: `web-${i % 50}`,
  CreationTime: `-${i + 1}h`,
}));

test('relative times of all pieces count from one moment', async () => {
  const sent: { Seed: string; Time?: string }[] = [];
  await applySeed(
    (input) => {
      sent.push(input as { Seed: string });
      return Promise.resolve({ Time: '2026-01-01T00:00:00Z', AccountCount: 0, ImageCount: 1 });
    },
    { RegionId: 'cn-beijing', Accounts: [], Images: IMAGES },
  );
  assert.deepEqual(
    sent.map(({ Time, Seed }) => [
      Time,
      JSON.parse(Seed).Images?.length,
      JSON.parse(Seed).RegionId,
    ]),
    [
      [undefined, undefined, 'cn-beijing'],
      ['2026-01-01T00:00:00Z', 200, 'cn-beijing'],
      ['2026-01-01T00:00:00Z', 50, 'cn-beijing'],
    ],
  );
  await assert.rejects(
    applySeed(() => Promise.reject(new KindredError('InvalidSeed', 'x')), {}),
    { code: 'InvalidSeed' },
  );
});
