import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ExportSeed } from './ExportSeed.ts';

testOperation(ExportSeed, {
  NoPermission: async (t) => t.call({}, { as: await t.k.newAccount() }),
  InvalidParameter: (t) => t.call({ MaxResults: '501' }),
  'Invalid.NextToken': (t) => t.call({ NextToken: 'x' }),
});

const exported = async (k: Harness): Promise<{ Images: Record<string, unknown>[] }> =>
  JSON.parse((await k.call('ExportSeed')).Seed);

test('what operations made is exported, and made again by the seed', async (t) => {
  const k = await kindred(t);
  const other = await k.newAccount();
  const { imageId } = await k.importImage({
    ImageName: 'imported',
    Platform: 'Ubuntu',
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'test',
  });
  await k.call('ModifyImageAttribute', { RegionId: REGION, ImageId: imageId, ImageFamily: 'web' });
  k.clock.advance(5_000);
  const made = await k.image({ ImageName: 'made', ImageFamily: 'web' });
  await k.call('ModifyImageSharePermission', {
    RegionId: REGION,
    ImageId: made.imageId,
    'AddAccount.1': other.accountId,
  });
  const old = await k.image({ ImageName: 'old', ImageFamily: 'web' });
  await k.call('ModifyImageAttribute', {
    RegionId: REGION,
    ImageId: old.imageId,
    Status: 'Deprecated',
  });
  const open = await k.startImport({ ImageName: 'open' });
  await k.store.read((tx) => tx.image(k.scope, open.imageId));

  const answer = await k.call('ExportSeed');
  assert.equal(answer.LeftOutCount, 1);
  const { Images } = await exported(k);
  assert.deepEqual(
    Images.map(({ ImageName, Status, ImageFamily }) => [ImageName, Status, ImageFamily]),
    // The image that the snapshot of `made` came from has no name of its own.
    [
      ['imported', 'Available', 'web'],
      [Images[1]!.ImageId, 'Available', undefined],
      ['made', 'Available', 'web'],
      ['old', 'Deprecated', 'web'],
    ],
  );
  assert.doesNotMatch(answer.Seed, new RegExp(`${other.accessKeySecret}|${k.rootKey.accessKeyId}`));

  const fresh = await kindred(t);
  fresh.clock.advance(60_000);
  await fresh.call('ApplySeed', { Seed: answer.Seed });
  assert.equal((await fresh.call('ExportSeed')).Seed, answer.Seed);
  const asked = { RegionId: REGION, ImageFamily: 'web' };
  const [one, two] = [
    (await k.call('DescribeImageFromFamily', asked)).Image,
    (await fresh.call('DescribeImageFromFamily', asked)).Image,
  ];
  for (const image of [one, two])
    for (const disk of image.DiskDeviceMappings.DiskDeviceMapping)
      Object.assign(disk, { ImportOSSBucket: '', ImportOSSObject: '' });
  assert.deepEqual(two, one);
  assert.equal((await fresh.call('Fsck')).DifferenceCount, 0);
});

test('pages put together are the whole', async (t) => {
  const k = await kindred(t);
  const images = ['cn-beijing', REGION].flatMap((RegionId) =>
    ['one', 'two', 'three'].map((ImageName) => ({ RegionId, ImageName })),
  );
  const Accounts = [{ AccountName: 'build-team' }];
  const Images = [...images, { AccountName: 'build-team', ImageName: 'one' }];
  await k.call('ApplySeed', { Seed: JSON.stringify({ Accounts, Images }) });
  const whole = await exported(k);
  assert.deepEqual(
    whole.Images.map(({ RegionId, ImageName }) => `${RegionId} ${ImageName}`),
    [...images, { RegionId: REGION, ImageName: 'one' }].map(
      ({ RegionId, ImageName }) => `${RegionId} ${ImageName}`,
    ),
  );
  for (const MaxResults of ['1', '2', '7']) {
    const pieces: unknown[] = [];
    let NextToken = '';
    do {
      const page = await k.call('ExportSeed', { MaxResults, ...(NextToken && { NextToken }) });
      const seed = JSON.parse(page.Seed);
      assert.equal(seed.Accounts.length, NextToken === '' ? 1 : 0);
      assert.ok(seed.Images.length <= Number(MaxResults));
      pieces.push(...seed.Images);
      NextToken = page.NextToken;
    } while (NextToken !== '');
    assert.deepEqual(pieces, whole.Images);
  }
  assert.equal((await k.call('ExportSeed', { NextToken: '0.9' })).NextToken, '');
  assert.deepEqual(JSON.parse((await k.call('ExportSeed', { NextToken: '99.0' })).Seed).Images, []);
});
