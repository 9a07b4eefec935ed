// An image in which every one of the 23 fields says something: a copy with two disks, two tags, a
// description beyond ASCII, shared with another account, with an instance made from it; and what every
// client must read of it, built from the inputs.
import assert from 'node:assert/strict';
import type { Answer, Call } from './clients.ts';
import { available, createAccount, helper, prepareDisk } from './prepare.ts';
import { until } from './story.ts';
import { REGION, tagList } from './story-plans.ts';
import type { Conformance } from './target.ts';

const AWAY = 'cn-beijing';
const DESCRIPTION = `Ω≠å 镜像 🜨 <&> "q" 'a' é\u0301 + %41`;
const TAGS = { channel: 'stable', 'équipe & 组': 'a=b&c' };

export interface FullImage {
  family: string;
  expected: Readonly<Record<string, unknown>>;
  call: Call;
  instanceId: string;
  /** The account that it is shared with. */
  accountId: string;
  /** Region → the image there. */
  imageIds: Readonly<Record<string, string>>;
}

/** Makes the image, and says what every client must read. */
export const makeFullImage = async (server: Conformance, run: string): Promise<FullImage> => {
  const call = helper(server);
  const [name, family] = [`fields-${run}`, `fields:${run}`];
  const disks = [prepareDisk(server, `${name}-a`, 3), prepareDisk(server, `${name}-b`, 2)];
  const { ImageId: sourceId } = await call('ImportImage', {
    RegionId: AWAY,
    Platform: 'Ubuntu',
    DiskDeviceMapping: disks.map((disk) => ({ ...disk, Format: 'QCOW2' })),
  });
  await available(call, sourceId, AWAY);
  const { ImageId } = await call('CopyImage', {
    RegionId: AWAY,
    ImageId: sourceId,
    DestinationRegionId: REGION,
    DestinationImageName: name,
    DestinationDescription: DESCRIPTION,
    Tag: tagList(TAGS),
  });
  const image = await available(call, ImageId);
  const wanted = { RegionId: REGION, ImageId };
  await call('ModifyImageAttribute', { ...wanted, ImageFamily: family });
  const accountId = await createAccount(server.target, name);
  await call('ModifyImageSharePermission', { ...wanted, AddAccount: [accountId] });
  const { InstanceIdSets } = await call('RunInstances', {
    ...wanted,
    InstanceType: 'ecs.g7.large',
  });
  const [instanceId = ''] = InstanceIdSets.InstanceIdSet as string[];
  const expected = expectedImage({ name, family, image });
  return {
    expected,
    family,
    call,
    instanceId,
    accountId,
    imageIds: { [REGION]: ImageId, [AWAY]: sourceId },
  };
};

const expectedImage = ({
  name,
  family,
  image,
}: {
  name: string;
  family: string;
  image: Answer;
}) => {
  assert.match(image.ImageId, /^m-[0-9a-z]{20}$/);
  assert.match(image.CreationTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const snapshotIds = image.DiskDeviceMappings.DiskDeviceMapping.map(
    ({ SnapshotId }: Answer) => SnapshotId,
  );
  for (const snapshotId of snapshotIds) assert.match(snapshotId, /^s-[0-9a-z]{20}$/);
  assert.equal(new Set(snapshotIds).size, 2);
  return {
    Architecture: 'x86_64',
    CreationTime: image.CreationTime,
    Description: DESCRIPTION,
    DiskDeviceMappings: {
      DiskDeviceMapping: ['3', '2'].map((size, i) => ({
        Device: `/dev/xvd${'ab'.charAt(i)}`,
        Format: 'QCOW2',
        ImportOSSBucket: '',
        ImportOSSObject: '',
        Size: size,
        SnapshotId: snapshotIds[i],
        Type: i === 0 ? 'system' : 'data',
      })),
    },
    ImageFamily: family,
    ImageId: image.ImageId,
    ImageName: name,
    ImageOwnerAlias: 'self',
    ImageVersion: '',
    IsCopied: true,
    IsSelfShared: 'True',
    IsSubscribed: false,
    IsSupportCloudinit: true,
    IsSupportIoOptimized: true,
    OSName: 'Ubuntu  64位',
    OSType: 'linux',
    Platform: 'Ubuntu',
    ProductCode: '',
    Progress: '100%',
    Size: 3,
    Status: 'Available',
    Tags: { Tag: Object.entries(TAGS).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) },
    Usage: 'instance',
  };
};

export const removeFullImage = async ({
  call,
  instanceId,
  accountId,
  imageIds,
}: FullImage): Promise<void> => {
  await until(async () => {
    const { Instances } = await call('DescribeInstances', {
      RegionId: REGION,
      InstanceIds: JSON.stringify([instanceId]),
    });
    return Instances.Instance[0]?.Status === 'Running' || undefined;
  }, instanceId);
  await call('DeleteInstance', { InstanceId: instanceId, Force: true });
  await call('ModifyImageSharePermission', {
    RegionId: REGION,
    ImageId: imageIds[REGION] ?? '',
    RemoveAccount: [accountId],
  });
  for (const [RegionId, ImageId] of Object.entries(imageIds))
    await call('DeleteImage', { RegionId, ImageId, Force: true });
};
