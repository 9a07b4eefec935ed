// CopyImage: each refusal, what a copy has of its source, whose turn it is, and whose bytes move.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeCatalogue } from '../../domain/catalogue.ts';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { CopyImage } from './CopyImage.ts';

const FAR = 'cn-beijing';

const CATALOGUE = makeCatalogue([
  {
    ImageId: 'ubuntu_24_04_x64_20G_test.vhd',
    CreationTime: '2026-09-15T03:21:00Z',
    OSType: 'linux',
    Platform: 'Ubuntu',
    OSName: 'Ubuntu  24.04 64位',
    OSNameEn: 'Ubuntu  24.04 64 bit',
    Architecture: 'x86_64',
    Size: 20,
  },
]);

type Values = Readonly<Record<string, string>>;

const copy = (values: Values) => async (t: Case) => {
  const { imageId } = await t.k.image();
  return t.call({ RegionId: REGION, ImageId: imageId, DestinationRegionId: FAR, ...values });
};

testOperation(
  CopyImage,
  {
    MissingRegionId: (t) => t.call({ ImageId: 'm-bp1' }),
    MissingImageId: (t) => t.call({ RegionId: REGION }),
    DryRunOperation: copy({ DryRun: 'true' }),
    IdempotentParameterMismatch: async (t) => {
      const { imageId } = await t.k.image();
      const call = { RegionId: REGION, ImageId: imageId, ClientToken: 'once' };
      await t.k.call('CopyImage', { ...call, DestinationRegionId: FAR });
      return t.call({ ...call, DestinationRegionId: 'cn-shanghai' });
    },
    'InvalidClientToken.Malformed': copy({ ClientToken: 'x'.repeat(65) }),
    'SourceRegion.NotFound': copy({ RegionId: 'cn-nowhere' }),
    'DestinationRegion.NotFound': copy({ DestinationRegionId: 'cn-nowhere' }),
    IncorrectImageStatus: async (t) => {
      const { imageId } = await t.k.image();
      const image = { RegionId: REGION, ImageId: imageId };
      await t.k.call('ModifyImageAttribute', { ...image, Status: 'Deprecated' });
      return t.call(image);
    },
    'InvalidImageName.Malformed': copy({ DestinationImageName: '1st' }),
    'InvalidImageName.Duplicated': async (t) => {
      await copy({ DestinationImageName: 'taken' })({
        ...t,
        call: (parameters) => t.k.call('CopyImage', parameters),
      });
      return copy({ DestinationImageName: 'taken' })(t);
    },
    'InvalidDescription.Malformed': copy({ DestinationDescription: 'https://example.com' }),
    'InvalidParameter.EncryptedIllegal': copy({ Encrypted: 'true' }),
    'Duplicate.TagKey': copy({ 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': copy({ 'Tag.1.Key': 'acs:env' }),
    'InvalidTagValue.Malformed': copy({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'acs:test' }),
    'OperationDenied.CommunityImage': async (t) => {
      const { imageId } = await t.k.image();
      const image = { RegionId: REGION, ImageId: imageId };
      await t.k.call('ModifyImageSharePermission', { ...image, IsPublic: 'true' });
      return t.call(image, { as: await t.k.newAccount() });
    },
    OperationDenied: (t) => t.call({ RegionId: REGION, ImageId: 'ubuntu_24_04_x64_20G_test.vhd' }),
    'OperationDenied.SameRegionOnly': async (t) => {
      const { imageId } = await t.k.image();
      const image = { RegionId: REGION, ImageId: imageId };
      const receiver = await t.k.newAccount();
      const share = { ...image, 'AddAccount.1': receiver.accountId };
      await t.k.call('ModifyImageSharePermission', share);
      return t.call({ ...image, DestinationRegionId: FAR }, { as: receiver });
    },
    'QuotaExceed.Tags': copy(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'QuotaExceed.Image': async (t) => {
      for (let i = 0; i < 2; i++) await t.k.image();
      return copy({ DestinationRegionId: REGION })(t);
    },
    'InvalidImageId.NotFound': (t) =>
      t.call({ RegionId: REGION, ImageId: 'm-bp146shijn7hujku9exp' }),
    'InvalidResourceGroup.NotFound': copy({ ResourceGroupId: 'group' }),
  },
  { kindred: { quotas: { imagesPerRegion: 4 }, catalogue: CATALOGUE } },
);

const describe = async (k: Harness, RegionId: string, ImageId: string) =>
  (await k.call('DescribeImages', { RegionId, ImageId, Status: 'ALL' })).Images.Image[0];

test('a copy has what its source boots with, and neither its family nor its tags', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({
    ImageFamily: 'web',
    Platform: 'Ubuntu',
    ImageVersion: '7',
    'Tag.1.Key': 'env',
  });
  const { ImageId } = await k.call('CopyImage', {
    RegionId: REGION,
    ImageId: imageId,
    DestinationRegionId: FAR,
    DestinationDescription: 'Kopie für Peking',
    Encrypted: 'false',
    'Tag.1.Key': 'copied',
  });
  assert.equal((await describe(k, FAR, ImageId)).Status, 'Creating');
  for (const held of [
    { RegionId: REGION, ImageId: imageId, Force: 'true' },
    { RegionId: FAR, ImageId, Force: 'true' },
  ])
    assert.equal((await k.refused('DeleteImage', held)).code, 'OperationDenied.ImageCopying');
  await k.finishJobs();
  const made = await describe(k, FAR, ImageId);
  assert.equal(made.Status, 'Available');
  assert.equal(made.IsCopied, true);
  assert.equal(made.Description, 'Kopie für Peking');
  assert.deepEqual([made.ImageFamily, made.Platform, made.ImageVersion], ['', 'Ubuntu', '7']);
  assert.deepEqual(made.Tags.Tag, [{ TagKey: 'copied', TagValue: '' }]);
  const content = async (RegionId: string, id: string) =>
    (await k.call('DescribeImageContent', { RegionId, ImageId: id })).Disks.Disk[0].Digest;
  assert.equal(await content(FAR, ImageId), await content(REGION, imageId));
  // Whose own source it is may know which snapshot the bytes came from.
  const source = await k.store.read((tx) => tx.image(k.scope, imageId));
  const [snapshot] = (await k.call('DescribeSnapshots', { RegionId: FAR })).Snapshots.Snapshot;
  assert.equal(snapshot.SourceSnapshotId, source?.disks[0]?.snapshotId);
  // The copy is independent of its source.
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  assert.equal((await describe(k, FAR, ImageId)).Status, 'Available');
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});

test('five copies run in a region at once, the sixth waits for its turn', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const call = { RegionId: REGION, ImageId: imageId, DestinationRegionId: FAR };
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push((await k.call('CopyImage', call)).ImageId);
  const statuses = async () => {
    const found = await Promise.all(ids.map((id) => describe(k, FAR, id)));
    return found.map(({ Status }) => Status as string);
  };
  assert.deepEqual(await statuses(), [...Array<string>(5).fill('Creating'), 'Waiting']);
  // Every region has places of its own, and so has every account: nobody sees how busy others are.
  const near = { RegionId: REGION, ImageId: imageId };
  const statusOf = async (as = k.rootKey): Promise<string> => {
    const { ImageId } = await k.call('CopyImage', near, { as });
    const asked = { RegionId: REGION, ImageId, Status: 'ALL' };
    return (await k.call('DescribeImages', asked, { as })).Images.Image[0].Status;
  };
  for (let i = 0; i < 5; i++) assert.equal(await statusOf(), 'Creating');
  assert.equal(await statusOf(), 'Waiting');
  const receiver = await k.newAccount();
  const share = { ...near, 'AddAccount.1': receiver.accountId };
  await k.call('ModifyImageSharePermission', share);
  assert.equal(await statusOf(receiver), 'Creating');
  await k.finishJobs();
  assert.deepEqual(await statuses(), Array<string>(6).fill('Available'));
});

/** A folder for the store of a region. */
const storeFolder = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-region-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name))
    .map(({ name }) => name);

test('between two stores the bytes are at the far end before the copy is Available', async (t) => {
  const far = storeFolder(t);
  const k = await kindred(t, { regionBlobs: { [FAR]: far } });
  const { imageId } = await k.image();
  const call = { RegionId: REGION, ImageId: imageId, DestinationRegionId: FAR };
  const { ImageId } = await k.call('CopyImage', call);
  assert.deepEqual(filesIn(far), []);
  await k.finishJobs();
  assert.equal((await describe(k, FAR, ImageId)).Status, 'Available');
  assert.deepEqual(filesIn(far), filesIn(join(k.dataDir, 'blobs')));
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});

test('within one store no byte is moved', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const before = filesIn(join(k.dataDir, 'blobs'));
  await k.call('CopyImage', { RegionId: REGION, ImageId: imageId, DestinationRegionId: FAR });
  await k.finishJobs();
  assert.deepEqual(filesIn(join(k.dataDir, 'blobs')), before);
});
