// A shared image from both sides: what the receiver finds, under which name, and what he never sees.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../src/testing/harness.ts';

test('a shared image resolves for the receiver until it is taken back', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({
    ImageFamily: 'web',
    Description: 'Basis für Web',
    'Tag.1.Key': 'secret-plan',
  });
  const receiver = await k.newAccount();
  const stranger = await k.newAccount();
  const image = { RegionId: REGION, ImageId: imageId };
  const ImageFamily = `acs:${k.accountId}:web`;
  const resolve = async (as: typeof receiver, family = ImageFamily) =>
    (await k.call('DescribeImageFromFamily', { RegionId: REGION, ImageFamily: family }, { as }))
      .Image;
  const share = (change: Record<string, string>) =>
    k.call('ModifyImageSharePermission', { ...image, ...change });

  assert.deepEqual(await resolve(receiver), {});
  await share({ 'AddAccount.1': receiver.accountId });
  const found = await resolve(receiver);
  assert.equal(found.ImageId, imageId);
  assert.deepEqual(
    [found.ImageOwnerAlias, found.ImageFamily, found.IsSelfShared, found.Tags.Tag],
    ['others', ImageFamily, '', []],
  );
  assert.equal(found.DiskDeviceMappings.DiskDeviceMapping[0].SnapshotId, '');
  // The plain name is the receiver's own; a stranger sees nothing under either.
  assert.deepEqual(await resolve(receiver, 'web'), {});
  assert.deepEqual(await resolve(stranger), {});

  const listed = await k.call('DescribeImages', { RegionId: REGION }, { as: receiver });
  assert.equal(listed.TotalCount, 1);
  assert.equal(listed.Images.Image[0].ImageOwnerAlias, 'others');
  assert.equal(String(listed.Images.Image[0].ImageOwnerId), k.accountId);
  assert.equal(JSON.stringify(listed).includes('secret-plan'), false);
  const own = { RegionId: REGION, ImageOwnerAlias: 'self' };
  assert.equal((await k.call('DescribeImages', own, { as: receiver })).TotalCount, 0);
  const unseen = await k.call('DescribeImages', { RegionId: REGION }, { as: stranger });
  assert.equal(unseen.TotalCount, 0);

  // A copy within the region is the receiver's own, with all its bytes.
  const copied = await k.call('CopyImage', image, { as: receiver });
  await k.finishJobs();
  const copy = { RegionId: REGION, ImageId: copied.ImageId };
  const [made] = (await k.call('DescribeImages', copy, { as: receiver })).Images.Image;
  assert.deepEqual([made.Status, made.ImageOwnerAlias, made.IsCopied], ['Available', 'self', true]);

  // Its snapshots are the receiver's, and name none of the owner's.
  const source = await k.store.read((tx) => tx.image(k.scope, imageId));
  const ownersSnapshot = source?.disks[0]?.snapshotId ?? '';
  assert.notEqual(ownersSnapshot, '');
  const taken = await k.call('DescribeSnapshots', { RegionId: REGION }, { as: receiver });
  assert.equal(taken.TotalCount, 1);
  assert.equal(JSON.stringify(taken).includes(ownersSnapshot), false);

  await share({ 'RemoveAccount.1': receiver.accountId });
  assert.deepEqual(await resolve(receiver), {});
  assert.equal(
    (await k.refused('CopyImage', image, { as: receiver })).code,
    'InvalidImageId.NotFound',
  );
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});

test("an id of another's image is answered as an unknown one is", async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ ImageFamily: 'web' });
  const stranger = await k.newAccount();
  const calls: [action: string, more: Record<string, string>][] = [
    ['DeleteImage', {}],
    ['CopyImage', { DestinationRegionId: 'cn-beijing' }],
    ['CancelCopyImage', {}],
    ['ModifyImageAttribute', { ImageName: 'taken-over' }],
    ['ModifyImageSharePermission', { IsPublic: 'true' }],
    ['DescribeImageSharePermission', {}],
    ['DescribeImageContent', {}],
  ];
  for (const [action, more] of calls) {
    const ask = (ImageId: string) =>
      k.refused(action, { RegionId: REGION, ImageId, ...more }, { as: stranger });
    const theirs = await ask(imageId);
    const unknown = await ask('m-bp1zzzzzzzzzzzzzzzzz');
    assert.deepEqual(
      [theirs.status, theirs.code, theirs.message],
      [unknown.status, unknown.code, unknown.message],
      action,
    );
  }
});
