// What a scenario may use beside Terraform: the official SDK for what must be there before, the folder
// of the buckets, and the counts that must be the same before and after.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeQcow2 } from '../../../src/testing/disk-images.ts';
import type { TestServer } from '../../../src/testing/server.ts';
import { signedRequest } from '../../../src/testing/sign.ts';
import { flatten, type Input } from '../../wire/corpus.ts';
import { NEWEST_V3, type Answer, type Call } from '../clients.ts';
import { until } from '../story.ts';

export const REGION = 'cn-hangzhou';
export const FAR_REGION = 'cn-beijing';
const KINDRED_VERSION = '2026-11-24';
const GIB = 2 ** 30;

type Other = (action: string, input?: Input, version?: string) => Promise<Answer>;

/** A key, or what AssumeRole gives. */
export interface SessionKey {
  AccessKeyId: string;
  AccessKeySecret: string;
  SecurityToken?: string;
}

export interface Kit {
  /** The newest official SDK. */
  call: Call;
  /** An operation that the SDK of ECS does not have: of Kindred's own version, or of another one. */
  other: Other;
  /** The same with another key: of a user, or of a session. */
  as(key: SessionKey): Other;
  putObject(bucket: string, object: string, bytes: Uint8Array): void;
  /** Names in the bucket's folder. */
  objects(bucket: string): string[];
  /** Where an object lies. */
  pathOf(bucket: string, object: string): string;
  /** A small real disk, imported; its image and its snapshot. */
  image(more?: Input): Promise<{ imageId: string; snapshotId: string }>;
}

const handSigned =
  (url: string, { AccessKeyId, AccessKeySecret, SecurityToken }: SessionKey): Other =>
  async (action, input = {}, version = KINDRED_VERSION) => {
    const key = { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret };
    const parameters = { ...input, ...(SecurityToken !== undefined && { SecurityToken }) };
    const request = signedRequest(Object.fromEntries(flatten(parameters)), {
      ...key,
      action,
      version,
      nowMs: Date.now(),
    });
    const response = await fetch(`${url}${request.target}`);
    const answer = (await response.json()) as Answer;
    if (!response.ok) throw new Error(`${action}: ${JSON.stringify(answer)}`);
    return answer;
  };

/** With a key of its own, if given, so that the log tells its calls from Terraform's. */
export const kitFor = (server: TestServer, key: TestServer['key'] = server.key): Kit => {
  const target = { url: server.url, host: server.host, port: server.port, ...key };
  const sdk = NEWEST_V3.connect(target);
  // The SDK keeps connections, and a step takes about as long as the server keeps one that is idle: it may
  // end just when it is used again. What only looks is then asked once more.
  const call: Call = (action, input) =>
    sdk(action, input).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' && action.startsWith('Describe')) return sdk(action, input);
      throw error;
    });
  const pathOf: Kit['pathOf'] = (bucket, object) => join(server.dataDir, 'buckets', bucket, object);
  const putObject: Kit['putObject'] = (bucket, object, bytes) => {
    const path = pathOf(bucket, object);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  };
  return {
    call,
    putObject,
    objects: (bucket) => readdirSync(pathOf(bucket, '')),
    pathOf,
    other: handSigned(server.url, {
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
    }),
    as: (other) => handSigned(server.url, other),
    async image(more = {}) {
      putObject('seeds', 'seed.qcow2', seedDisk());
      const DiskDeviceMapping = [{ OSSBucket: 'seeds', OSSObject: 'seed.qcow2' }];
      const input = { RegionId: REGION, ImageName: 'seed', Platform: 'Ubuntu', ...more };
      const { ImageId } = await call('ImportImage', { ...input, DiskDeviceMapping });
      const mapping = await until(async () => {
        const found = await call('DescribeImages', { RegionId: REGION, ImageId });
        return found.Images.Image[0]?.DiskDeviceMappings.DiskDeviceMapping[0];
      }, ImageId);
      return { imageId: ImageId, snapshotId: mapping.SnapshotId };
    },
  };
};

/** What a guest sees of it. */
export const SEED_DISK_BYTES = 5 * GIB;

export const seedDisk = (seed = 7): Uint8Array =>
  makeQcow2({ virtualSizeBytes: SEED_DISK_BYTES, guestData: { seed, sizeBytes: 100_000 } });

/** What is listed, by the operation that lists it and where in its answer. */
const LISTS: readonly (readonly [action: string, of: (answer: Answer) => Answer[], id: string])[] =
  [
    ['DescribeImages', (answer) => answer.Images.Image, 'ImageId'],
    ['DescribeSnapshots', (answer) => answer.Snapshots.Snapshot, 'SnapshotId'],
    ['DescribeInstances', (answer) => answer.Instances.Instance, 'InstanceId'],
    ['DescribeDisks', (answer) => answer.Disks.Disk, 'DiskId'],
    ['DescribeSecurityGroups', (answer) => answer.SecurityGroups.SecurityGroup, 'SecurityGroupId'],
    ['DescribeVpcs', (answer) => answer.Vpcs.Vpc, 'VpcId'],
    ['DescribeVSwitches', (answer) => answer.VSwitches.VSwitch, 'VSwitchId'],
  ];

/** Ids of all that the account has, in both regions, sorted. */
export const contents = async ({ call }: Kit): Promise<string[]> => {
  const found: string[] = [];
  for (const RegionId of [REGION, FAR_REGION])
    for (const [action, rowsOf, id] of LISTS) {
      const own = action === 'DescribeImages' ? { ImageOwnerAlias: 'self', Status: 'ALL' } : {};
      const answer = await call(action, { RegionId, PageSize: 50, ...own });
      for (const row of rowsOf(answer)) found.push(`${RegionId} ${row[id]}`);
    }
  return found.toSorted();
};
