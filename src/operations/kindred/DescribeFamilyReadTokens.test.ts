import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeFamilyReadTokens } from './DescribeFamilyReadTokens.ts';

testOperation(DescribeFamilyReadTokens, {
  MissingRegionId: (t) => t.call({}),
  'InvalidImageFamily.Malformed': (t) => t.call({ RegionId: REGION, ImageFamily: 'x'.repeat(129) }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
});

test('tokens are listed oldest first, of one family or of all, in pages, to their owner', async (t) => {
  const k = await kindred(t);
  const ids: string[] = [];
  for (const ImageFamily of ['web', 'db', 'web']) {
    k.clock.advance(1000);
    const call = { RegionId: REGION, ImageFamily, Description: `of ${ImageFamily}` };
    ids.push((await k.call('CreateFamilyReadToken', call)).TokenId);
  }
  const list = async (parameters: Record<string, string>, as = k.rootKey) => {
    const call = { RegionId: REGION, ...parameters };
    const answer = await k.call('DescribeFamilyReadTokens', call, { as });
    const rows = answer.FamilyReadTokens.FamilyReadToken as Record<string, string>[];
    return { total: answer.TotalCount as number, rows };
  };
  const idsOf = ({ rows }: { rows: Record<string, string>[] }) => rows.map((row) => row.TokenId);
  assert.deepEqual(idsOf(await list({})), ids);
  assert.deepEqual(idsOf(await list({ ImageFamily: 'web' })), [ids[0], ids[2]]);
  const page = await list({ PageSize: '2', PageNumber: '2' });
  assert.deepEqual([page.total, idsOf(page)], [3, [ids[2]]]);
  const { rows } = await list({ ImageFamily: 'db' });
  const { TokenId, CreationTime, ...rest } = rows[0]!;
  assert.ok(TokenId && CreationTime);
  assert.deepEqual(rest, {
    ImageFamily: 'db',
    Description: 'of db',
    ExpirationTime: '',
    LastUsedTime: '',
  });
  assert.equal((await list({}, await k.newAccount())).total, 0);
});
