import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MAX_READ_TOKENS_PER_FAMILY } from '../../domain/address.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { DATABASE_FILE } from '../../store/sqlite/open.ts';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CreateFamilyReadToken } from './CreateFamilyReadToken.ts';

const family = { RegionId: REGION, ImageFamily: 'web' };

testOperation(CreateFamilyReadToken, {
  MissingRegionId: (t) => t.call({ ImageFamily: 'web' }),
  MissingImageFamily: (t) => t.call({ RegionId: REGION }),
  InvalidParameter: (t) => t.call({ ...family, Description: 'x'.repeat(257) }),
  InvalidExpirationTime: (t) =>
    t.call({ ...family, ExpirationTime: formatSeconds(t.k.clock.wallMs()) }),
  'InvalidImageFamily.Malformed': (t) => t.call({ ...family, ImageFamily: 'a b' }),
  'InvalidRegionId.NotFound': (t) => t.call({ ...family, RegionId: 'cn-nowhere' }),
  'LimitExceeded.FamilyReadToken': async (t) => {
    for (let made = 0; made < MAX_READ_TOKENS_PER_FAMILY; made += 1)
      await t.k.call('CreateFamilyReadToken', family);
    return t.call(family);
  },
});

test('days that no calendar has are no time', async (t) => {
  const k = await kindred(t);
  for (const ExpirationTime of ['2027-02-30T00:00:00Z', '2027-01-01', 'tomorrow'])
    assert.equal(
      (await k.refused('CreateFamilyReadToken', { ...family, ExpirationTime })).code,
      'InvalidExpirationTime',
    );
});

test('the token is answered once and stored as a hash only', async (t) => {
  const k = await kindred(t);
  const made = await k.call('CreateFamilyReadToken', {
    ...family,
    ExpirationTime: '2027-01-31T00:00:00Z',
  });
  assert.match(made.Token, /^kindred_read_[A-Za-z0-9]{43}$/);
  assert.match(made.TokenId, /^frt-[0-9a-z]{20}$/);
  assert.equal(made.ExpirationTime, '2027-01-31T00:00:00Z');
  const listed = await k.call('DescribeFamilyReadTokens', { RegionId: REGION });
  assert.ok(!JSON.stringify(listed).includes(made.Token));
  for (const file of [DATABASE_FILE, `${DATABASE_FILE}-wal`]) {
    const bytes = readFileSync(join(k.dataDir, file));
    assert.ok(!bytes.includes(made.Token), file);
  }
});
