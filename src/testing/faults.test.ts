// Each kind of fault as the official SDK meets it, and what the double tells of it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import ecs from '@alicloud/ecs20140526';
import { publish, REGION, sdkOf } from './double-scene.ts';
import { startKindred, type FaultSpec } from './start-kindred.ts';

const kindred = await startKindred();
after(() => kindred.close());

const client = sdkOf(kindred);
const regions = () => client.describeRegions(new ecs.DescribeRegionsRequest({}));

test('an error comes as often as was said, and then no more', async () => {
  const fault = kindred.faults.add({
    Operation: 'DescribeRegions',
    Kind: 'error',
    Code: 'Throttling.User',
    RetryAfter: 1_500,
    Times: 2,
  });
  for (let i = 0; i < 2; i++) await assert.rejects(regions(), { code: 'Throttling.User' });
  assert.equal((await regions()).statusCode, 200);
  const met = kindred.calls().filter(({ Fault }) => Fault === fault.FaultId);
  assert.deepEqual(
    met.map(({ Code }) => Code),
    ['Throttling.User', 'Throttling.User'],
  );
  assert.deepEqual(kindred.faults.list(), []);
});

test('an answer waits, and a region lags while others do not', async () => {
  kindred.faults.add({ Operation: '*', Kind: 'delay', Delay: 400, RegionId: 'cn-beijing' });
  const timed = async (regionId: string): Promise<number> => {
    const startedMs = performance.now();
    await client.describeImages(new ecs.DescribeImagesRequest({ regionId }));
    return performance.now() - startedMs;
  };
  await timed(REGION);
  assert.equal(kindred.calls().at(-1)?.Fault, undefined);
  assert.ok((await timed('cn-beijing')) >= 400);
  assert.match(kindred.calls().at(-1)?.Fault ?? '', /^fault-/);
});

test('a connection is dropped after the work is done, or before', async () => {
  const create = (name: string) =>
    client.createSecurityGroup(
      new ecs.CreateSecurityGroupRequest({ regionId: REGION, securityGroupName: name }),
    );
  const names = async () => {
    const { body } = await client.describeSecurityGroups(
      new ecs.DescribeSecurityGroupsRequest({ regionId: REGION }),
    );
    return body?.securityGroups?.securityGroup?.map(({ securityGroupName }) => securityGroupName);
  };
  kindred.faults.add({ Operation: 'CreateSecurityGroup', Kind: 'drop' });
  await assert.rejects(create('done'), /socket hang up|ECONNRESET/);
  kindred.faults.add({ Operation: 'CreateSecurityGroup', Kind: 'drop', When: 'before' });
  await assert.rejects(create('never'), /socket hang up|ECONNRESET/);
  assert.deepEqual(await names(), ['done']);
});

test('the next two copies fail at the percent that was said, and the third does not', async () => {
  const imageId = await publish(kindred, 'source', 'web');
  kindred.faults.add({
    Operation: 'CopyImage',
    Kind: 'fail-task',
    Progress: 37,
    Code: 'OperationDenied',
    Message: 'The region was full.',
    Times: 2,
  });
  const copied: string[] = [];
  for (let i = 0; i < 3; i++) {
    const { body } = await client.copyImage(
      new ecs.CopyImageRequest({
        regionId: REGION,
        imageId,
        destinationRegionId: 'cn-beijing',
        destinationImageName: `copy-${i}`,
      }),
    );
    copied.push(body?.imageId ?? '');
  }
  await kindred.idle();
  const { body } = await client.describeImages(
    new ecs.DescribeImagesRequest({
      regionId: 'cn-beijing',
      imageId: copied.join(','),
      status: 'Available,CreateFailed',
    }),
  );
  const states = new Map(
    body?.images?.image?.map((image) => [image.imageId, `${image.status} ${image.progress}`]),
  );
  assert.deepEqual(
    copied.map((id) => states.get(id)),
    ['CreateFailed 37%', 'CreateFailed 37%', 'Available 100%'],
  );
});

test('a fault of a task is given back by a call that is refused', async () => {
  await kindred.client().createBucket({ Bucket: 'empty' });
  kindred.faults.add({ Operation: 'ImportImage', Kind: 'fail-task', Progress: 37 });
  const mapping = { OSSBucket: 'empty', OSSObject: 'none.raw' };
  const refused = kindred.client().importImage({ RegionId: REGION, DiskDeviceMapping: [mapping] });
  await assert.rejects(refused, { code: 'InvalidOSSObject.NotFound' });
  assert.equal(typeof (await publish(kindred, 'after', 'web')), 'string');
});

for (const [name, fault, message] of [
  ['an unknown operation', { Operation: 'BootImage', Kind: 'delay', Delay: 5 }, /no operation/],
  ['an unknown code', { Operation: '*', Kind: 'error', Code: 'Oops' }, /catalogue/],
  ['a field of another kind', { Operation: '*', Kind: 'drop', Delay: 5 }, /takes no Delay/],
  ['a misspelt field', { Operation: '*', Kind: 'drop', Time: 5 }, /a fault has no Time/],
  ['a task of a read', { Operation: 'DescribeTasks', Kind: 'fail-task' }, /only ImportImage/],
] as const)
  test(`${name} is refused`, () => {
    assert.throws(() => kindred.faults.add(fault as unknown as FaultSpec), { message });
  });
