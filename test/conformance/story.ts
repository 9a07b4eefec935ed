// The whole story, as one client tells it: three real disks are imported and a fourth image is made of
// the third; each joins the family; the newest is deprecated, restored and deleted, then the one
// before, until the family is empty. After every step the family is asked, and the whole answer is
// compared with what the inputs say it must be.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import type { Answer, Call } from './clients.ts';
import {
  createPlan,
  expectedImage,
  importPlans,
  REGION,
  tagList,
  VERSION,
  type ExpectedImage,
  type ImagePlan,
} from './story-plans.ts';

export interface Story {
  call: Call;
  /** Lower-case letters, digits and hyphens; not used before on this server. */
  run: string;
  putObject(bucket: string, object: string, bytes: Uint8Array): void;
  /** Told what each question to the family was answered with. */
  resolved?(family: string, image: Answer): Promise<void>;
}

const GIB = 2 ** 30;
const POLL_MS = 20;
const DEADLINE_MS = 60_000;
const ID = { image: /^m-[0-9a-z]{20}$/, snapshot: /^s-[0-9a-z]{20}$/, task: /^t-[0-9a-z]{20}$/ };
const REQUEST_ID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/;

export const until = async <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => {
  const lastMs = performance.now() + DEADLINE_MS;
  while (performance.now() < lastMs) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(POLL_MS);
  }
  throw new Error(`${what} did not come to an end`);
};

const secondOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+/, '');

/** Tags are answered in no order. */
export const byKey = (image: Answer): Answer => {
  image.Tags?.Tag?.sort((a: Answer, b: Answer) => (a.TagKey < b.TagKey ? -1 : 1));
  return image;
};

const startImport = async (story: Story, bucket: string, plan: ImagePlan) => {
  for (const { object, seed, gib } of plan.disks) {
    const guestData = { seed, sizeBytes: 200_000 };
    story.putObject(bucket, object, makeQcow2({ virtualSizeBytes: gib * GIB, guestData }));
  }
  const beforeMs = Date.now();
  const accepted = await story.call('ImportImage', {
    RegionId: REGION,
    ImageName: plan.name,
    Description: plan.description,
    Architecture: plan.architecture,
    OSType: plan.osType,
    Platform: plan.platform,
    BootMode: plan.bootMode,
    DiskDeviceMapping: plan.disks.map(({ object }) => ({
      Format: 'QCOW2',
      OSSBucket: bucket,
      OSSObject: object,
    })),
  });
  assert.deepEqual(Object.keys(accepted).toSorted(), [
    'ImageId',
    'RegionId',
    'RequestId',
    'TaskId',
  ]);
  assert.equal(accepted.RegionId, REGION);
  assert.match(accepted.ImageId, ID.image);
  assert.match(accepted.TaskId, ID.task);
  assert.match(accepted.RequestId, REQUEST_ID);
  return { imageId: accepted.ImageId, taskId: accepted.TaskId, span: [beforeMs, Date.now()] };
};

/** The image as DescribeImages lists it, once it is Available. */
const listed = (call: Call, imageId: string): Promise<Answer> =>
  until(async () => {
    const found = await call('DescribeImages', { RegionId: REGION, ImageId: imageId });
    return found.Images.Image[0];
  }, imageId);

const tasksFinished = (call: Call, taskIds: readonly string[]): Promise<true> =>
  until(async () => {
    const answer = await call('DescribeTasks', { RegionId: REGION, TaskIds: taskIds.join(',') });
    const tasks: Answer[] = answer.TaskSet.Task;
    assert.deepEqual(tasks.map((task) => task.TaskId).toSorted(), taskIds.toSorted());
    for (const { TaskAction, TaskStatus } of tasks) {
      assert.equal(TaskAction, 'ImportImage');
      assert.ok(['Processing', 'Waiting', 'Finished'].includes(TaskStatus), TaskStatus);
    }
    return tasks.every(({ TaskStatus }) => TaskStatus === 'Finished') || undefined;
  }, taskIds.join(' '));

const checkTime = (creationTime: string, [from = 0, to = 0]: readonly number[]): string => {
  const isWithin = creationTime >= secondOf(from) && creationTime <= secondOf(to);
  assert.ok(isWithin, `${creationTime} is not between ${secondOf(from)} and ${secondOf(to)}`);
  return creationTime;
};

const importOne = async (story: Story, bucket: string, family: string, plan: ImagePlan) => {
  const { imageId, taskId, span } = await startImport(story, bucket, plan);
  await tasksFinished(story.call, [taskId]);
  const seen = await listed(story.call, imageId);
  const snapshotIds: string[] = seen.DiskDeviceMappings.DiskDeviceMapping.map(
    (mapping: Answer) => mapping.SnapshotId,
  );
  for (const snapshotId of snapshotIds) assert.match(snapshotId, ID.snapshot);
  await story.call('ModifyImageAttribute', {
    RegionId: REGION,
    ImageId: imageId,
    ImageFamily: family,
  });
  await story.call('TagResources', {
    RegionId: REGION,
    ResourceType: 'image',
    ResourceId: [imageId],
    Tag: tagList(plan.tags),
  });
  const mappings = plan.disks.map(({ object, gib }, i) => {
    return { object, bucket, gib, format: 'QCOW2', snapshotId: snapshotIds[i] ?? '' };
  });
  const creationTime = checkTime(seen.CreationTime, span);
  const sizeGib = plan.disks[0]?.gib ?? 0;
  return expectedImage(plan, { imageId, creationTime, family, version: '', mappings, sizeGib });
};

const createOne = async (story: Story, family: string, source: ExpectedImage) => {
  const { sizesGib, ...plan } = createPlan(story.run);
  const [system = '', data = ''] = source.DiskDeviceMappings.DiskDeviceMapping.map(
    (mapping) => mapping.SnapshotId,
  );
  const snapshotIds = [system, data, ''];
  const beforeMs = Date.now();
  const { ImageId: imageId } = await story.call('CreateImage', {
    RegionId: REGION,
    ImageName: plan.name,
    ImageFamily: family,
    ImageVersion: VERSION,
    Description: plan.description,
    Platform: plan.platform,
    Architecture: plan.architecture,
    DiskDeviceMapping: [
      { SnapshotId: system, Size: 40, DiskType: 'system' },
      { SnapshotId: data },
      { Size: 20, DiskType: 'data', Device: '/dev/xvdc' },
    ],
    Tag: tagList(plan.tags),
    ClientToken: `story-${story.run}`,
  });
  assert.match(imageId, ID.image);
  const seen = await listed(story.call, imageId);
  const creationTime = checkTime(seen.CreationTime, [beforeMs, Date.now()]);
  const mappings = sizesGib.map((gib, i) => {
    return { object: '', bucket: '', gib, format: '', snapshotId: snapshotIds[i] ?? '' };
  });
  return expectedImage(plan, {
    imageId,
    creationTime,
    family,
    version: VERSION,
    mappings,
    sizeGib: 40,
  });
};

export const tellStory = async (story: Story): Promise<void> => {
  const { call, run } = story;
  const family = `family:${run}.α_β`;
  const bucket = `bucket-${run}`;
  const resolvesTo = async (expected: ExpectedImage | undefined): Promise<void> => {
    const answer = await call('DescribeImageFromFamily', { RegionId: REGION, ImageFamily: family });
    assert.match(answer.RequestId, REQUEST_ID);
    assert.deepEqual(byKey(answer.Image), expected ?? {});
    await story.resolved?.(family, answer.Image);
  };
  const setStatus = (image: ExpectedImage, Status: string) =>
    call('ModifyImageAttribute', { RegionId: REGION, ImageId: image.ImageId, Status });

  await resolvesTo(undefined);
  const images: ExpectedImage[] = [];
  for (const plan of importPlans(run)) {
    const image = await importOne(story, bucket, family, plan);
    images.push(image);
    await resolvesTo(image);
  }
  images.push(await createOne(story, family, images.at(-1)!));
  while (images.length > 0) {
    const newest = images.pop()!;
    await resolvesTo(newest);
    await setStatus(newest, 'Deprecated');
    await resolvesTo(images.at(-1));
    await setStatus(newest, 'Available');
    await resolvesTo(newest);
    await call('DeleteImage', { RegionId: REGION, ImageId: newest.ImageId });
    await resolvesTo(images.at(-1));
  }
  const left = await call('DescribeImages', {
    RegionId: REGION,
    ImageFamily: family,
    Status: 'ALL',
  });
  assert.equal(left.TotalCount, 0);
};
