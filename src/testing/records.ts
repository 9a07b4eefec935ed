// Instances and what they need, for tests of records. The images are of a small catalogue, so that no
// bytes have to be imported where a test is not about bytes.
import { createSweep } from '../blobs/sweep.ts';
import { makeCatalogue } from '../domain/catalogue.ts';
import type { Resource, ResourceType } from '../domain/resource.ts';
import { SETTLE_MS } from '../domain/instance.ts';
import { REGION, type CallOptions, type Harness, type Parameters } from './harness.ts';

export const LINUX = 'linux_1_x64_20G.vhd';
export const WINDOWS = 'windows_1_x64_40G.vhd';
/** A Linux without cloud-init. */
export const BARE = 'bare_1_x64_60G.vhd';

const entry = {
  CreationTime: '2026-01-01T00:00:00Z',
  OSType: 'linux',
  Platform: 'Ubuntu',
  OSName: 'Ubuntu  24.04 64位',
  OSNameEn: 'Ubuntu  24.04 64 bit',
  Architecture: 'x86_64',
  Size: 20,
} as const;

export const SMALL_CATALOGUE = makeCatalogue([
  { ...entry, ImageId: LINUX, ImageFamily: 'acs:linux_x64' },
  { ...entry, ImageId: BARE, Size: 60, IsSupportCloudinit: false },
  {
    ...entry,
    ImageId: WINDOWS,
    OSType: 'windows',
    Platform: 'Windows Server 2022',
    Size: 40,
  },
]);

/** What RunInstances and CreateInstance need at least. */
export const LEAST: Parameters = {
  RegionId: REGION,
  ImageId: LINUX,
  InstanceType: 'ecs.g7.large',
};

/** Lets every transition that is under way come to its end. */
export const settle = (k: Harness): void => k.clock.advance(SETTLE_MS);

/** Records of running instances; the harness must have the small catalogue, or `ImageId` must be given. */
export const runInstances = async (
  k: Harness,
  parameters: Parameters = {},
  options: CallOptions = {},
): Promise<string[]> => {
  const made = await k.call('RunInstances', { ...LEAST, ...parameters }, options);
  settle(k);
  return made.InstanceIdSets.InstanceIdSet as string[];
};

export const runInstance = async (
  k: Harness,
  parameters: Parameters = {},
  options: CallOptions = {},
): Promise<string> => (await runInstances(k, parameters, options))[0] ?? '';

/** One that is still being made. */
export const pendingInstance = async (k: Harness): Promise<string> =>
  (await k.call('RunInstances', LEAST)).InstanceIdSets.InstanceIdSet[0] as string;

/** The record of one instance as DescribeInstances shows it. */
export const describeInstance = async (k: Harness, instanceId: string) => {
  const { Instances } = await k.call('DescribeInstances', {
    RegionId: REGION,
    InstanceIds: JSON.stringify([instanceId]),
  });
  return Instances.Instance[0];
};

/** A record of any kind, as another operation would have made it. */
export const putResource = (
  k: Harness,
  resourceType: ResourceType,
  resourceId: string,
  more: Partial<Pick<Resource, 'parentId' | 'resourceName' | 'status' | 'detail'>> = {},
): Promise<string> => k.record(resourceType, { resourceName: resourceId, ...more, resourceId });

/** A resource group of the caller's own. */
export const putResourceGroup = async (k: Harness): Promise<string> => {
  const made = await k.call('CreateResourceGroup', { Name: 'mine', DisplayName: 'mine' });
  return made.ResourceGroup.Id as string;
};

/** The disks of an instance as DescribeDisks shows them, system disk first. */
export const describeDisks = async (k: Harness, instanceId: string) => {
  const found = await k.call('DescribeDisks', { RegionId: REGION, InstanceId: instanceId });
  return found.Disks.Disk.toSorted((a: { Device: string }, b: { Device: string }) =>
    a.Device < b.Device ? -1 : 1,
  );
};

/** An Available data disk. */
export const createDisk = async (k: Harness, parameters: Parameters = {}): Promise<string> =>
  (await k.call('CreateDisk', { RegionId: REGION, ...parameters })).DiskId as string;

/** A stopped instance. */
export const stoppedInstance = async (k: Harness, parameters: Parameters = {}): Promise<string> => {
  const { InstanceId } = await k.call('CreateInstance', { ...LEAST, ...parameters });
  settle(k);
  return InstanceId as string;
};

/** One pass of the sweep, as the server makes them. */
export const sweep = (k: Harness) =>
  createSweep({
    store: k.store,
    stores: k.kindred.stores,
    clocks: k.clock,
    random: k.kindred.house.random,
  }).run();
