import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayHeads } from '../../domain/family.ts';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ModifyImageSharePermission } from './ModifyImageSharePermission.ts';

const deprecate = (k: Harness, ImageId: string) =>
  k.call('ModifyImageAttribute', { RegionId: REGION, ImageId, Status: 'Deprecated' });

testOperation(
  ModifyImageSharePermission,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: (t) => t.call({ RegionId: REGION, ImageId: 'm-bp1', IsPublic: 'perhaps' }),
    DryRunOperation: async (t) => {
      const { imageId } = await t.k.image();
      const { accountId } = await t.k.newAccount();
      const share = { RegionId: REGION, ImageId: imageId, 'AddAccount.1': accountId };
      return t.call({ ...share, DryRun: 'true' });
    },
    'InvalidParameter.LaunchPermission': (t) =>
      t.call({ RegionId: REGION, ImageId: 'm-bp1', LaunchPermission: 'some' }),
    'UnnecessaryParameter.LaunchPermission': (t) =>
      t.call({
        RegionId: REGION,
        ImageId: 'm-bp1',
        LaunchPermission: 'all',
        IsPublic: 'false',
      }),
    'Image.Public': async (t) => {
      const { imageId } = await t.k.image();
      const { accountId } = await t.k.newAccount();
      const call = { RegionId: REGION, ImageId: imageId };
      await t.k.call('ModifyImageSharePermission', { ...call, IsPublic: 'true' });
      return t.call({ ...call, 'AddAccount.1': accountId });
    },
    'OperationDeined.FullImage': async (t) => {
      const { snapshotId } = await t.k.image();
      const { ImageId } = await t.k.call('CreateImage', {
        RegionId: REGION,
        'DiskDeviceMapping.1.SnapshotId': snapshotId,
        'DiskDeviceMapping.2.Size': '20',
      });
      await t.k.finishJobs();
      return t.call({ RegionId: REGION, ImageId, IsPublic: 'true' });
    },
    'OperationDenied.InvalidImageStatus': async (t) => {
      const { imageId } = await t.k.image();
      const { accountId } = await t.k.newAccount();
      await deprecate(t.k, imageId);
      return t.call({ RegionId: REGION, ImageId: imageId, 'AddAccount.1': accountId });
    },
    'QuotaExceed.ShareImageUser': async (t) => {
      const { imageId } = await t.k.image();
      const one = await t.k.newAccount();
      const two = await t.k.newAccount();
      const call = { RegionId: REGION, ImageId: imageId };
      await t.k.call('ModifyImageSharePermission', { ...call, 'AddAccount.1': one.accountId });
      return t.call({ ...call, 'AddAccount.1': two.accountId });
    },
    'InvalidAccount.Forbbiden': async (t) => {
      const { imageId } = await t.k.image();
      return t.call({ RegionId: REGION, ImageId: imageId, 'AddAccount.1': t.k.accountId });
    },
    'InvalidAccount.NotFound': async (t) => {
      const { imageId } = await t.k.image();
      return t.call({ RegionId: REGION, ImageId: imageId, 'AddAccount.1': '1999999999999999' });
    },
    'InvalidImageId.NotFound': (t) => t.call({ RegionId: REGION, ImageId: 'm-bp1unknown' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageId: 'm-bp1' }),
  },
  { kindred: { quotas: { sharesPerImage: 1 } } },
);

const share = (k: Harness, ImageId: string, parameters: Record<string, string> = {}) =>
  k.call('ModifyImageSharePermission', { RegionId: REGION, ImageId, ...parameters });
const receivers = async (k: Harness, ImageId: string): Promise<string[]> =>
  (
    await k.call('DescribeImageSharePermission', { RegionId: REGION, ImageId })
  ).Accounts.Account.map((account: { AliyunId: string }) => account.AliyunId);

test('sharing twice, removing what is not there and nothing at all change nothing', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const { accountId } = await k.newAccount();
  await share(k, imageId, { 'AddAccount.1': accountId, 'RemoveAccount.1': '42' });
  const before = k.stateHash();
  await share(k, imageId);
  await share(k, imageId, { 'AddAccount.1': accountId });
  await share(k, imageId, { 'RemoveAccount.1': '42', IsPublic: 'false' });
  assert.equal(k.stateHash(), before);
  assert.deepEqual(await receivers(k, imageId), [accountId]);
  await share(k, imageId, { 'AddAccount.1': accountId, 'RemoveAccount.1': accountId });
  assert.deepEqual(await receivers(k, imageId), [], 'added first, then removed');
});

test('an image is shared while it is made; ten accounts a call', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.startImport();
  await share(k, imageId);
  const made: string[] = [];
  for (let i = 0; i < 11; i++) made.push((await k.newAccount()).accountId);
  const add = Object.fromEntries(made.map((id, i) => [`AddAccount.${i + 1}`, id]));
  await share(k, imageId, add);
  assert.deepEqual(await receivers(k, imageId), made.slice(0, 10).toSorted());
});

test('publishing by IsPublic or LaunchPermission; existing shares stay', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const { accountId } = await k.newAccount();
  await share(k, imageId, { 'AddAccount.1': accountId });
  const isPublic = async () => (await k.store.read((tx) => tx.image(k.scope, imageId)))?.isPublic;
  await share(k, imageId, { LaunchPermission: 'all' });
  assert.equal(await isPublic(), true);
  await share(k, imageId);
  assert.equal(await isPublic(), true, 'an absent IsPublic does not unpublish');
  await share(k, imageId, { IsPublic: 'false' });
  assert.equal(await isPublic(), false);
  assert.deepEqual(await receivers(k, imageId), [accountId]);
});

test('every change is in the journal, and the heads can still be replayed', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ ImageFamily: 'web' });
  const { accountId } = await k.newAccount();
  await share(k, imageId, { 'AddAccount.1': accountId });
  await share(k, imageId, { 'RemoveAccount.1': accountId, IsPublic: 'true' });
  await share(k, imageId, { IsPublic: 'false' });
  const changes = await k.store.read((tx) => tx.changes(k.scope, 0, 100));
  assert.deepEqual(
    changes.slice(-4).map((change) => change.kind),
    ['shared', 'unshared', 'published', 'unpublished'],
  );
  assert.deepEqual([...replayHeads(changes)], [['web', imageId]]);
});

test('shares go with an image whose import is cancelled', async (t) => {
  const k = await kindred(t);
  const { imageId, taskId } = await k.startImport();
  const { accountId } = await k.newAccount();
  await share(k, imageId, { 'AddAccount.1': accountId });
  await k.call('CancelTask', { RegionId: REGION, TaskId: taskId });
  await k.finishJobs();
  const left = await k.store.read((tx) =>
    tx.imageShares(imageId as Parameters<typeof tx.imageShares>[0], { limit: 9, offset: 0 }),
  );
  assert.equal(left.total, 0);
});
