import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeImageUses } from './DescribeImageUses.ts';

testOperation(
  DescribeImageUses,
  {
    InvalidParameter: (t) => t.call({ StartDay: 'today' }),
    NoPermission: async (t) => t.call({ AccountId: t.k.accountId }, { as: await t.k.newAccount() }),
    'EntityNotExist.Account': (t) => t.call({ AccountId: '1000000000000000' }),
  },
  { isShared: true },
);

test('resolutions are counted by day, image and principal; of others only the account is told', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.importImage();
  await k.call('ModifyImageAttribute', { RegionId: REGION, ImageId: imageId, ImageFamily: 'web' });
  const other = await k.newAccount();
  await k.call('ModifyImageSharePermission', {
    RegionId: REGION,
    ImageId: imageId,
    'AddAccount.1': other.accountId,
  });
  const resolve = (ImageFamily: string, as = k.rootKey) =>
    k.call('DescribeImageFromFamily', { RegionId: REGION, ImageFamily }, { as });
  for (let i = 0; i < 3; i++) await resolve('web');
  await resolve('nothing');
  assert.equal((await resolve(`acs:${k.accountId}:web`, other)).Image.ImageId, imageId);
  await k.kindred.house.trail.uses.flush();
  k.clock.advance(24 * 60 * 60_000);
  await resolve('web');
  await k.kindred.house.trail.uses.flush();
  const uses = async (parameters = {}, as = k.rootKey) => {
    const { Uses } = await k.call('DescribeImageUses', parameters, { as });
    return Uses.Use.map((use: Record<string, unknown>) => [
      use.Day,
      use.ImageId,
      use.Principal,
      use.Resolutions,
    ]);
  };
  const root = `acs:ram::${k.accountId}:root`;
  assert.deepEqual(
    new Set(await uses()),
    new Set([
      ['2026-11-25', imageId, root, 1],
      ['2026-11-24', imageId, root, 3],
      ['2026-11-24', imageId, `acs:ram::${other.accountId}:*`, 1],
    ]),
  );
  assert.deepEqual(await uses({ StartDay: '2026-11-25' }), [['2026-11-25', imageId, root, 1]]);
  assert.equal((await uses({ Principal: root, EndDay: '2026-11-24' })).length, 1);
  assert.deepEqual(await uses({}, other), []);
});

test('instances made from a family count as one resolution a call, dry runs and repeats as none', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.importImage();
  await k.call('ModifyImageAttribute', { RegionId: REGION, ImageId: imageId, ImageFamily: 'web' });
  const run = { RegionId: REGION, InstanceType: 'ecs.g7.large' };
  const byFamily = { ...run, ImageFamily: 'web' };
  await k.call('RunInstances', { ...byFamily, Amount: '3', ClientToken: 'once' });
  await k.call('RunInstances', { ...byFamily, Amount: '3', ClientToken: 'once' });
  await k.call('CreateInstance', byFamily);
  await k.call('RunInstances', { ...run, ImageId: imageId });
  assert.equal(
    (await k.refused('RunInstances', { ...byFamily, DryRun: 'true' })).code,
    'DryRunOperation',
  );
  await k.refused('RunInstances', { ...byFamily, ResourceGroupId: 'rg-none' });
  await k.kindred.house.trail.uses.flush();
  const { Uses } = await k.call('DescribeImageUses');
  const seen = Uses.Use.map(({ ImageId, Resolutions }: Record<string, unknown>) => [
    ImageId,
    Resolutions,
  ]);
  assert.deepEqual(seen, [[imageId, 2]]);
});
