import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { createDisk } from '../../testing/records.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { PruneImageFamily } from './PruneImageFamily.ts';

const WEB = { RegionId: REGION, ImageFamily: 'web' };

testOperation(PruneImageFamily, {
  MissingRegionId: (t) => t.call({ ImageFamily: 'web', Keep: '1' }),
  MissingImageFamily: (t) => t.call({ RegionId: REGION, Keep: '1' }),
  MissingParameter: (t) => t.call(WEB),
  InvalidParameter: (t) => t.call({ ...WEB, Keep: '0' }),
  'InvalidImageFamily.Malformed': (t) => t.call({ ...WEB, ImageFamily: 'acs:web', Keep: '1' }),
  'InvalidRegionId.NotFound': (t) => t.call({ ...WEB, RegionId: 'cn-nowhere', Keep: '1' }),
});

const head = async (k: Harness): Promise<string> =>
  (await k.call('DescribeImageFromFamily', WEB)).Image.ImageId;

interface Row {
  ImageId: string;
  Outcome: string;
  Reason: string;
}

const prune = async (k: Harness, parameters: Record<string, string>) => {
  const answer = await k.call('PruneImageFamily', { ...WEB, ...parameters });
  const rows = answer.Images.Image as Row[];
  const reasons = new Map(
    rows.map(({ ImageId, Outcome, Reason }) => [ImageId, `${Outcome}: ${Reason}`]),
  );
  return { answer, reasons };
};

const imports = async (k: Harness, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const { imageId } = await k.importImage();
    await k.call('ModifyImageAttribute', { ...WEB, ImageId: imageId });
    ids.push(imageId);
  }
  return ids;
};

const modify = (k: Harness, ImageId: string, Status: string) =>
  k.call('ModifyImageAttribute', { RegionId: REGION, ImageId, Status });

test('100 nightly images are pruned to 5: the head stays, the quota is free, all fits', async (t) => {
  const k = await kindred(t);
  const { snapshotId } = await k.image({ ImageFamily: 'web' });
  const nightly = { ...WEB, SnapshotId: snapshotId };
  for (let i = 1; i < 100; i += 1) await k.call('CreateImage', nightly);
  await k.finishJobs();
  const before = await head(k);
  assert.match((await k.refused('CreateImage', nightly)).code, /Quota/);
  const state = k.stateHash();
  const planned = await prune(k, { Keep: '5', Mode: 'plan' });
  assert.equal(k.stateHash(), state, 'a plan changes nothing');
  const { answer } = await prune(k, { Keep: '5' });
  assert.equal(answer.DeletedCount, 95);
  assert.equal(answer.KeptCount, 5);
  assert.equal(answer.DeletedSnapshotCount, 0, 'the image that was imported has the snapshot');
  const shown = JSON.stringify(planned.answer.Images).replaceAll('would delete', 'deleted');
  assert.equal(shown, JSON.stringify(answer.Images), 'the plan is what was done');
  assert.equal(await head(k), before);
  assert.equal((await k.store.read((tx) => tx.family(k.scope, 'web')))?.imageCount, 5);
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
  await k.call('CreateImage', nightly);
});

test('snapshots go with their image, unless another image or a disk uses them', async (t) => {
  const k = await kindred(t);
  const [lone = '', base = '', ofDisk = '', newest = ''] = await imports(k, 4);
  const snapshotOf = async (imageId: string) =>
    (await k.store.read((tx) => tx.image(k.scope, imageId)))?.disks[0]?.snapshotId ?? '';
  const [loneSnapshot, baseSnapshot] = [await snapshotOf(lone), await snapshotOf(base)];
  await k.call('CreateImage', { RegionId: REGION, SnapshotId: baseSnapshot });
  await k.finishJobs();
  const diskSnapshot = await snapshotOf(ofDisk);
  await createDisk(k, { SnapshotId: diskSnapshot });
  const { answer } = await prune(k, { Keep: '1' });
  assert.deepEqual([answer.DeletedCount, answer.DeletedSnapshotCount], [3, 1]);
  const snapshot = (id: string) => k.store.read((tx) => tx.snapshot(k.scope, id));
  assert.equal(await snapshot(loneSnapshot), undefined);
  for (const id of [baseSnapshot, diskSnapshot])
    assert.equal((await snapshot(id))?.status, 'accomplished');
  assert.equal(await head(k), newest);
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
});

test('what is in use, shared or public stays and says why', async (t) => {
  const k = await kindred(t);
  const ids = [];
  for (let i = 0; i < 5; i += 1) ids.push((await k.image({ ImageFamily: 'web' })).imageId);
  const [used = '', shared = '', published = '', old = '', newest = ''] = ids;
  await k.instanceOf(used);
  const { accountId } = await k.newAccount();
  const share = (ImageId: string, more: Record<string, string>) =>
    k.call('ModifyImageSharePermission', { RegionId: REGION, ImageId, ...more });
  await share(shared, { 'AddAccount.1': accountId });
  await share(published, { IsPublic: 'true' });
  const { reasons } = await prune(k, { Keep: '1' });
  assert.deepEqual(Object.fromEntries(reasons), {
    [newest]: 'kept: head',
    [old]: 'deleted: old',
    [published]: 'kept: public',
    [shared]: 'kept: shared',
    [used]: 'kept: in-use',
  });
});

test('a Deprecated image counts by its time, and without an Available one nothing goes', async (t) => {
  const k = await kindred(t);
  const ids = [];
  for (let i = 0; i < 3; i += 1) ids.push((await k.image({ ImageFamily: 'web' })).imageId);
  const [oldest = '', middle = '', newest = ''] = ids;
  for (const id of ids) await modify(k, id, 'Deprecated');
  assert.equal((await prune(k, { Keep: '1' })).reasons.get(oldest), 'kept: none-available');
  await modify(k, middle, 'Available');
  const { reasons } = await prune(k, { Keep: '1' });
  assert.equal(reasons.get(newest), 'kept: newer-than-kept');
  assert.equal(reasons.get(middle), 'kept: head');
  assert.equal(reasons.get(oldest), 'deleted: old');
});

test('OlderThanDays keeps what is young', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ ImageFamily: 'web' });
  await k.image({ ImageFamily: 'web' });
  const aged = { Keep: '1', OlderThanDays: '30', Mode: 'plan' };
  assert.equal((await prune(k, aged)).reasons.get(imageId), 'kept: too-young');
  k.clock.advance(31 * 24 * 3_600_000);
  assert.equal((await prune(k, aged)).reasons.get(imageId), 'would delete: old');
});

test('the family of another account is not seen', async (t) => {
  const k = await kindred(t);
  for (let i = 0; i < 2; i += 1) await k.image({ ImageFamily: 'web' });
  const as = await k.newAccount();
  const answer = await k.call('PruneImageFamily', { ...WEB, Keep: '1' }, { as });
  assert.deepEqual(answer.Images.Image, []);
  assert.equal((await k.store.read((tx) => tx.family(k.scope, 'web')))?.imageCount, 2);
});
