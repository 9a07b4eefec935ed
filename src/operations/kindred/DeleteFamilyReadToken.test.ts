import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DeleteFamilyReadToken } from './DeleteFamilyReadToken.ts';

const family = { RegionId: REGION, ImageFamily: 'web' };

testOperation(DeleteFamilyReadToken, {
  MissingRegionId: (t) => t.call({ TokenId: 'frt-1' }),
  MissingParameter: (t) => t.call({ RegionId: REGION }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', TokenId: 'frt-1' }),
  'EntityNotExist.FamilyReadToken': async (t) => {
    const { TokenId } = await t.k.call('CreateFamilyReadToken', family);
    const as = await t.k.newAccount();
    return t.call({ RegionId: REGION, TokenId }, { as });
  },
});

test('a deleted token is gone, the others stay', async (t) => {
  const k = await kindred(t);
  const { TokenId } = await k.call('CreateFamilyReadToken', family);
  const kept = await k.call('CreateFamilyReadToken', family);
  await k.call('DeleteFamilyReadToken', { RegionId: REGION, TokenId });
  const left = await k.call('DescribeFamilyReadTokens', family);
  assert.equal(left.TotalCount, 1);
  assert.equal(left.FamilyReadTokens.FamilyReadToken[0].TokenId, kept.TokenId);
});
