// What others have, seen through lists: no filter, count, page or order tells of it, byte for byte. And what
// was begun under a right that ends meanwhile: it ends as begun, and nothing further is begun.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { allow, newUser } from '../../src/testing/access.ts';
import { newId } from '../../src/domain/ids.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { DATABASE_FILE } from '../../src/store/sqlite/open.ts';
import { operations } from '../../src/client/data.ts';
import {
  CallError,
  kindred,
  REGION,
  type CallOptions,
  type Harness,
  type Parameters,
} from '../../src/testing/harness.ts';

type Key = NonNullable<CallOptions['as']>;

const answer = async (
  k: Harness,
  name: string,
  parameters: Parameters,
  as: Key,
): Promise<string> => {
  const neutral = (text: string) =>
    text.replaceAll(/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/g, 'REQUEST');
  try {
    return neutral(JSON.stringify(await k.call(name, parameters, { as })));
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return `${error.status} ${neutral(error.body)}`;
  }
};

/** Nothing that is the owner's may stand in an answer to anybody else. */
const MARK = 'zzowners';

const furnish = async (k: Harness) => {
  const text = (kind: string) => `${MARK}-${kind}`;
  const { imageId, snapshotId } = await k.image({
    ImageName: text('image'),
    ImageFamily: text('family'),
    Description: text('description'),
    ImageVersion: text('version'),
    'Tag.1.Key': text('key'),
    'Tag.1.Value': text('value'),
  });
  await k.startImport({ ImageName: text('import') });
  await k.call('CreateKeyPair', { RegionId: REGION, KeyPairName: text('pair') });
  await k.call('CreateUser', { UserName: text('user') });
  await k.call('CreateBucket', { Bucket: text('bucket') });
  await k.call('CreateVpc', { RegionId: REGION, VpcName: text('vpc') });
  return { imageId, snapshotId };
};

test('no filter of a list tells a stranger of what another account has', async (t) => {
  const k = await kindred(t);
  const stranger = await k.newAccount();
  const filters = (
    mark: string,
    ids: { imageId: string; snapshotId: string },
    owner: string,
  ): Parameters[] => [
    { ImageName: `${mark}-image` },
    { ImageName: `${mark}*` },
    { ImageFamily: `${mark}-family` },
    { ImageFamily: `acs:${owner}:${mark}-family` },
    { ImageId: ids.imageId },
    { SnapshotId: ids.snapshotId },
    { ImageOwnerId: owner, ImageOwnerAlias: 'others' },
    { 'Tag.1.Key': `${mark}-key` },
    { 'Tag.1.Key': `${mark}-key`, 'Tag.1.Value': `${mark}-value` },
    { Status: 'ALL' },
    { PageNumber: '2', PageSize: '1' },
    {},
  ];
  const ask = async (list: Parameters[]) => {
    const texts: string[] = [];
    for (const parameters of list)
      texts.push(await answer(k, 'DescribeImages', { RegionId: REGION, ...parameters }, stranger));
    return texts;
  };
  const never = { imageId: 'm-bp1zzzzzzzzzzzzzzzzz', snapshotId: 's-bp1zzzzzzzzzzzzzzzzz' };
  // Before anything is there, and with names that nobody has.
  const empty = await ask(filters('nobody', never, k.accountId));
  const ids = await furnish(k);
  assert.deepEqual(await ask(filters(MARK, ids, k.accountId)), empty);
  assert.deepEqual(await ask(filters('nobody', never, k.accountId)), empty);
  // The owner finds it by each of them, so that the filters are real ones.
  for (const parameters of [
    { ImageName: `${MARK}*` },
    { 'Tag.1.Key': `${MARK}-key` },
    { SnapshotId: ids.snapshotId },
  ] as Parameters[])
    assert.ok((await k.call('DescribeImages', { RegionId: REGION, ...parameters })).TotalCount > 0);
});

test('no read of any operation shows a stranger a byte of another account', async (t) => {
  const k = await kindred(t);
  const stranger = await k.newAccount();
  await furnish(k);
  let seenByOwner = 0;
  for (const { name, kind, example } of Object.values(operations)) {
    if (kind !== 'read') continue;
    const { RegionId, ...rest } = example;
    const calls: Parameters[] = [rest, {}].map((given) => ({
      ...given,
      ...(RegionId !== undefined && { RegionId: REGION }),
    }));
    for (const parameters of calls) {
      const text = await answer(k, name, parameters, stranger);
      assert.ok(!text.includes(MARK), `${name}: ${text}`);
      if ((await answer(k, name, parameters, k.rootKey)).includes(MARK)) seenByOwner += 1;
    }
  }
  assert.ok(seenByOwner > 8, `the owner sees his own in ${seenByOwner} answers`);
});

test('what was begun goes on under the rights of its start, and nothing more is begun', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ ImageName: 'base' });
  const user = await newUser(k, [allow(['ecs:CopyImage', 'ecs:ImportImage'])]);
  const image = { RegionId: REGION, ImageId: imageId };
  const copied = await k.call(
    'CopyImage',
    { ...image, DestinationImageName: 'kept' },
    { as: user },
  );
  await user.may();
  assert.equal((await k.refused('CopyImage', image, { as: user })).code, 'Forbidden.RAM');
  await k.finishJobs();
  const [made] = (await k.call('DescribeImages', { RegionId: REGION, ImageId: copied.ImageId }))
    .Images.Image;
  assert.equal(made.Status, 'Available');
});

test('a share that ends while a copy runs leaves the copy whole, and opens nothing more', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ ImageName: 'shared', ImageFamily: 'web' });
  const receiver = await k.newAccount();
  const image = { RegionId: REGION, ImageId: imageId };
  const share = (change: Parameters) =>
    k.call('ModifyImageSharePermission', { ...image, ...change });
  await share({ 'AddAccount.1': receiver.accountId });
  const copied = await k.call('CopyImage', image, { as: receiver });
  await share({ 'RemoveAccount.1': receiver.accountId });
  for (const name of [
    'CopyImage',
    'ExportImage',
    'DescribeImageContent',
    'ModifyImageAttribute',
    'DeleteImage',
  ]) {
    const { code } = await k.refused(
      name,
      { ...image, OSSBucket: 'images', Description: 'mine' },
      { as: receiver },
    );
    assert.match(code, /^InvalidImageId\.NotFound$|^InvalidImage(Id)?\.NotFound$/, name);
  }
  await k.finishJobs();
  const [made] = (
    await k.call(
      'DescribeImages',
      { RegionId: REGION, ImageId: copied.ImageId, Status: 'ALL' },
      { as: receiver },
    )
  ).Images.Image;
  assert.equal(made.Status, 'Available');
  // To nobody, to oneself, to accounts that are none, and of what is deprecated: refused, or without effect.
  const before = k.stateHash();
  for (const change of [
    { 'AddAccount.1': '0' },
    { 'AddAccount.1': 'root' },
    { 'AddAccount.1': '9'.repeat(30) },
  ] as Parameters[]) {
    await share(change).catch((error: CallError) => assert.ok(error.status < 500));
    assert.equal(k.stateHash(), before, JSON.stringify(change));
  }
  await share({ 'AddAccount.1': receiver.accountId });
  await k.call('ModifyImageAttribute', { ...image, Status: 'Deprecated' }).catch(async () => {
    // A shared image is not deprecated before it is taken back.
    await share({ 'RemoveAccount.1': receiver.accountId });
    await k.call('ModifyImageAttribute', { ...image, Status: 'Deprecated' });
  });
  const { Image } = await k.call(
    'DescribeImageFromFamily',
    { RegionId: REGION, ImageFamily: `acs:${k.accountId}:web` },
    { as: receiver },
  );
  assert.deepEqual(Image, {});
  await share({ 'AddAccount.1': receiver.accountId }).then(
    () => assert.fail('a deprecated image was shared'),
    (error: CallError) => assert.ok(error.status < 500),
  );
});

test('an id cannot be guessed, and a deleted one is never another thing', async (t) => {
  const random = systemRandom();
  const ids = Array.from({ length: 5_000 }, () => newId(random, 'm-', 'bp1'));
  assert.equal(new Set(ids).size, ids.length);
  // Each of the 17 places takes each of the 36 letters about as often; in the order of making there is none.
  for (let place = 5; place < 22; place += 1)
    assert.equal(new Set(ids.map((id) => id[place])).size, 36, `place ${place}`);
  const rising = ids.filter((id, i) => i > 0 && id > ids[i - 1]!).length;
  assert.ok(Math.abs(rising - ids.length / 2) < 300, `${rising} rise`);

  const k = await kindred(t);
  const { imageId } = await k.image();
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  await k.finishJobs();
  const database = new DatabaseSync(join(k.dataDir, DATABASE_FILE));
  t.after(() => database.close());
  const left = database.prepare(`SELECT * FROM tombstone WHERE resource_id = ?`).all(imageId);
  assert.equal(left.length, 1);
  for (const name of ['DescribeImages', 'DeleteImage', 'CopyImage'])
    assert.match(
      await answer(k, name, { RegionId: REGION, ImageId: imageId }, k.rootKey),
      /InvalidImageId\.NotFound|"TotalCount":0/,
      name,
    );
});
