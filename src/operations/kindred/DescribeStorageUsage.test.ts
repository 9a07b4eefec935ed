import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_QUOTAS } from '../../domain/quota.ts';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { createDisk, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DescribeStorageUsage } from './DescribeStorageUsage.ts';
import { warningsOf } from './shared/usage-warnings.ts';

testOperation(DescribeStorageUsage, {
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
});

const setFamily = (k: Harness, ImageId: string, ImageFamily: string, RegionId = REGION) =>
  k.call('ModifyImageAttribute', { RegionId, ImageId, ImageFamily });

const importInto = async (k: Harness, family: string, bytes: Uint8Array, RegionId = REGION) => {
  const imported = await k.importImage({ RegionId }, { bytes });
  if (family !== '') await setFamily(k, imported.imageId, family, RegionId);
  return imported;
};

interface FamilyRow {
  RegionId: string;
  ImageFamily: string;
  ImageCount: number;
  SizeBytes: number;
  SharedBytes: number;
}
const familiesOf = (answer: { Families: { Family: FamilyRow[] } }) =>
  answer.Families.Family.map((row) => [
    row.RegionId,
    row.ImageFamily,
    row.ImageCount,
    row.SizeBytes,
    row.SharedBytes,
  ]);

test('bytes that families share count once in each, and once in all', async (t) => {
  const k = await kindred(t);
  const [one, two, three] = [k.diskImage(), k.diskImage(128 * 1024), k.diskImage(256 * 1024)];
  await importInto(k, 'db', one);
  await importInto(k, 'web', one);
  await importInto(k, 'web', one);
  await importInto(k, 'web', two);
  await importInto(k, '', three);
  await importInto(k, 'db', one, 'cn-beijing');
  const answer = await k.call('DescribeStorageUsage');
  const [a, b, c] = [one.length, two.length, three.length];
  assert.deepEqual(familiesOf(answer), [
    ['cn-beijing', 'db', 1, a, a],
    [REGION, '', 1, c, 0],
    [REGION, 'db', 1, a, a],
    [REGION, 'web', 3, a + b, a],
  ]);
  assert.deepEqual(answer.Total, {
    ImageCount: 6,
    SizeBytes: a + b + c,
    SnapshotOnlyBytes: 0,
    DiskOnlyBytes: 0,
  });
  assert.deepEqual(
    answer.Regions.Region.map((row: Record<string, unknown>) => [row.RegionId, row.SizeBytes]),
    [
      ['cn-beijing', a],
      [REGION, a + b + c],
    ],
  );
  const [, hangzhou] = answer.Regions.Region;
  assert.deepEqual([hangzhou.ImageLimit, hangzhou.FamilyLimit], [10_000, 100]);
  assert.deepEqual([hangzhou.ImageCount, hangzhou.FamilyCount], [5, 2]);

  const beijing = await k.call('DescribeStorageUsage', { RegionId: 'cn-beijing' });
  assert.deepEqual(familiesOf(beijing), [['cn-beijing', 'db', 1, a, a]]);
  assert.deepEqual([beijing.Total.SizeBytes, beijing.Total.ImageCount], [a, 1]);
  assert.equal(beijing.Regions.Region.length, 1);
});

test('what a deleted image leaves is held by its snapshot, then by a disk of it, then by nothing', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const bytes = k.diskImage();
  const { imageId, snapshotId } = await importInto(k, 'web', bytes);
  const DiskId = await createDisk(k, { SnapshotId: snapshotId });
  const held = async () => {
    const { Total } = await k.call('DescribeStorageUsage');
    return [Total.ImageCount, Total.SizeBytes, Total.SnapshotOnlyBytes, Total.DiskOnlyBytes];
  };
  assert.deepEqual(await held(), [1, bytes.length, 0, 0]);
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  assert.deepEqual(await held(), [0, bytes.length, bytes.length, 0]);
  assert.deepEqual(familiesOf(await k.call('DescribeStorageUsage')), []);
  await k.call('DeleteSnapshot', { SnapshotId: snapshotId, Force: 'true' });
  assert.deepEqual(await held(), [0, bytes.length, 0, bytes.length]);
  await k.call('DeleteDisk', { DiskId });
  assert.deepEqual(await held(), [0, 0, 0, 0]);
});

test('an account sees nothing of another one, not even that it has the same bytes', async (t) => {
  const k = await kindred(t);
  const as = await k.newAccount();
  const { imageId } = await importInto(k, 'web', k.diskImage());
  await k.call('ModifyImageSharePermission', {
    RegionId: REGION,
    ImageId: imageId,
    'AddAccount.1': as.accountId,
  });
  const empty = await k.call('DescribeStorageUsage', {}, { as });
  const { RequestId: _, ...shown } = empty;
  assert.deepEqual(shown, {
    Total: { ImageCount: 0, SizeBytes: 0, SnapshotOnlyBytes: 0, DiskOnlyBytes: 0 },
    Regions: { Region: [] },
    Families: { Family: [] },
    Remaining: { RowCount: 0, ImageCount: 0, SizeBytes: 0, SharedBytes: 0 },
    Stores: { Store: [] },
    Warnings: { Warning: [] },
  });
  // A copy of its own has the same digest; the owner's figures do not move.
  const before = await k.call('DescribeStorageUsage');
  await k.call(
    'CopyImage',
    { RegionId: REGION, ImageId: imageId, DestinationRegionId: REGION },
    { as },
  );
  await k.finishJobs();
  const copied = await k.call('DescribeStorageUsage', {}, { as });
  assert.deepEqual(familiesOf(copied), [[REGION, '', 1, before.Total.SizeBytes, 0]]);
  const after = await k.call('DescribeStorageUsage');
  assert.deepEqual([after.Total, after.Families], [before.Total, before.Families]);
  const [store] = after.Stores.Store;
  assert.ok(store.TotalBytes >= store.FreeBytes && store.TotalBytes > 0);
});

test('quotas warn from 80 % on', async (t) => {
  const quotas = { imagesPerFamily: 5, familiesPerRegion: 2, imagesPerRegion: 6 };
  const k = await kindred(t, { quotas });
  for (let i = 0; i < 3; i += 1) await k.image({ ImageFamily: 'web' });
  const warnings = async () => {
    const answer = await k.call('DescribeStorageUsage');
    // How full the disk of the machine is that tests is not this test's business.
    return (answer.Warnings.Warning as Record<string, unknown>[]).filter(
      ({ Kind }) => Kind !== 'FileSystem',
    );
  };
  assert.deepEqual(await warnings(), []);
  await k.image({ ImageFamily: 'web' });
  assert.deepEqual(await warnings(), [
    {
      Kind: 'ImagesPerRegion',
      Subject: REGION,
      Used: 5,
      Limit: 6,
      Message: `${REGION}: 83 % of the images used (5 of 6)`,
    },
    {
      Kind: 'ImagesPerFamily',
      Subject: `${REGION}/web`,
      Used: 4,
      Limit: 5,
      Message: `${REGION}/web: 80 % of the images used (4 of 5)`,
    },
  ]);
  await k.image({ ImageFamily: 'db' });
  assert.deepEqual(
    (await warnings()).map(({ Kind }) => Kind),
    ['ImagesPerRegion', 'FamiliesPerRegion', 'ImagesPerFamily'],
  );
});

test('sums go on where the list of families ends', async (t) => {
  const k = await kindred(t);
  for (const family of ['aa', 'bb', 'cc']) await importInto(k, family, k.diskImage());
  const scope = { accountId: k.accountId, regionId: undefined };
  const whole = await k.store.read((tx) => tx.familyUsage(scope, 1000));
  const cut = await k.store.read((tx) => tx.familyUsage(scope, 1));
  assert.deepEqual(cut.rows, whole.rows.slice(0, 1));
  assert.deepEqual(cut.sums, whole.sums);
  const sizeBytes = whole.rows.reduce((sum, row) => sum + row.sizeBytes, 0);
  assert.deepEqual(cut.sums, { rows: 3, imageCount: 3, sizeBytes, sharedBytes: 0 });
});

test('a file system warns from 80 % on', async (t) => {
  const k = await kindred(t);
  const scope = { accountId: k.accountId, regionId: undefined };
  const stores = [
    { store: 'roomy', freeBytes: 201, totalBytes: 1000 },
    { store: 'tight', freeBytes: 200, totalBytes: 1000 },
    { store: 'without figures', freeBytes: 0, totalBytes: 0 },
  ];
  const warnings = await k.store.read((tx) =>
    warningsOf(tx, scope, { regions: [], stores }, DEFAULT_QUOTAS),
  );
  assert.deepEqual(
    warnings.map(({ Kind, Subject, Used, Limit }) => [Kind, Subject, Used, Limit]),
    [['FileSystem', 'tight', 800, 1000]],
  );
});
