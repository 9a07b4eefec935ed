// Through the images with the current Go SDK: what the story leaves out.
import assert from 'node:assert/strict';
import type { Answer, Call } from './clients.ts';
import { available } from './prepare.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { tour, type Tour } from './tour.ts';

const FAR = 'cn-beijing';
const TAG = { Key: 'owner & team', Value: '镜像' };
/** Zeros enough that an import of them can still be cancelled in the next call. */
const SLOW_BYTES = 256 * 2 ** 20;

const oldTags = async (call: Call, ResourceId: string): Promise<void> => {
  const what = { RegionId: REGION, ResourceType: 'image', ResourceId };
  await call('AddTags', { ...what, Tag: [TAG, { Key: 'empty', Value: '' }] });
  await call('RemoveTags', { ...what, Tag: [{ Key: 'empty' }] });
  const { Tags } = await call('DescribeTags', what);
  assert.deepEqual(
    Tags.Tag.map((tag: Answer) => [tag.TagKey, tag.TagValue]),
    [[TAG.Key, TAG.Value]],
  );
};

const newTags = async (call: Call, id: string): Promise<void> => {
  const what = { RegionId: REGION, ResourceType: 'image', ResourceId: [id] };
  const listed = async (): Promise<Answer[]> =>
    (await call('ListTagResources', what)).TagResources.TagResource;
  assert.equal((await listed()).length, 1);
  await call('UntagResources', { ...what, TagKey: [TAG.Key] });
  assert.deepEqual(await listed(), []);
};

const copies = async ({ call, name, source }: Tour): Promise<void> => {
  const { ImageId } = await call('CopyImage', {
    RegionId: REGION,
    ImageId: source.imageId,
    DestinationRegionId: FAR,
    DestinationImageName: `${name}-far`,
    Tag: [TAG],
  });
  assert.equal((await available(call, ImageId, FAR)).IsCopied, true);
  await call('DeleteImage', { RegionId: FAR, ImageId });
};

const shares = async ({ call, source: { imageId: ImageId } }: Tour): Promise<void> => {
  const publish = (IsPublic: boolean) =>
    call('ModifyImageSharePermission', { RegionId: REGION, ImageId, IsPublic });
  await publish(true);
  const seen = await call('DescribeImageSharePermission', { RegionId: REGION, ImageId });
  assert.deepEqual([seen.ImageId, seen.Accounts.Account], [ImageId, []]);
  await publish(false);
};

const snapshots = async ({ call, name, source }: Tour): Promise<void> => {
  const named = { SnapshotId: source.snapshotId, SnapshotName: name, Description: '快照' };
  await call('ModifySnapshotAttribute', named);
  const { Snapshots } = await call('DescribeSnapshots', {
    RegionId: REGION,
    SnapshotIds: JSON.stringify([source.snapshotId]),
  });
  const [{ SnapshotName, Description, Usage }] = Snapshots.Snapshot;
  assert.deepEqual([SnapshotName, Description, Usage], [name, '快照', 'image']);
};

const tasks = async ({ call, server, name, source }: Tour): Promise<void> => {
  const asked = { RegionId: REGION, ImageId: source.imageId, OSSBucket: name, OSSPrefix: 'out' };
  const exported = await call('ExportImage', asked);
  const status = async (TaskId: string): Promise<string> =>
    (await call('DescribeTaskAttribute', { RegionId: REGION, TaskId })).TaskStatus;
  const ended = (TaskId: string): Promise<string> =>
    until(async () => {
      const now = await status(TaskId);
      return ['Waiting', 'Processing'].includes(now) ? undefined : now;
    }, TaskId);
  assert.equal(await ended(exported.TaskId), 'Finished');
  server.putObject(name, 'slow.raw', new Uint8Array(SLOW_BYTES));
  const { TaskId } = await call('ImportImage', {
    RegionId: REGION,
    ImageName: `${name}-slow`,
    DiskDeviceMapping: [{ Format: 'RAW', OSSBucket: name, OSSObject: 'slow.raw' }],
  });
  await call('CancelTask', { RegionId: REGION, TaskId });
  assert.equal(await ended(TaskId), 'Deleted');
};

tour('a tour of the images', async (here) => {
  const { call, source } = here;
  await oldTags(call, source.imageId);
  await newTags(call, source.imageId);
  await copies(here);
  await shares(here);
  await snapshots(here);
  await tasks(here);
  await call('DeleteImage', { RegionId: REGION, ImageId: source.imageId });
  await call('DeleteSnapshot', { SnapshotId: source.snapshotId });
});
