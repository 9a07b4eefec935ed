// What a client is to find: brought by another client, past the recording, so that only what the client
// under test sends is recorded as its own.
import assert from 'node:assert/strict';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { signedRequest } from '../../src/testing/sign.ts';
import { POP_CORE_GET, type Answer, type Call, type Target } from './clients.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import type { Conformance } from './target.ts';

export interface Prepared {
  imageId: string;
  snapshotId: string;
  gib: number;
}

type Server = Pick<Conformance, 'target' | 'putObject'>;

const GIB = 2 ** 30;

export const helper = ({ target }: Pick<Server, 'target'>): Call => POP_CORE_GET.connect(target);

/** The image once it is listed without a status, which is once it is Available. */
export const available = (call: Call, imageId: string, regionId = REGION): Promise<Answer> =>
  until(async () => {
    const found = await call('DescribeImages', { RegionId: regionId, ImageId: imageId });
    return found.Images.Image[0];
  }, imageId);

/** Puts a disk into a bucket named like the image, and returns that bucket and object. */
export const prepareDisk = (
  { putObject }: Server,
  name: string,
  gib = 2,
): { OSSBucket: string; OSSObject: string } => {
  const guestData = { seed: gib, sizeBytes: 200_000 };
  putObject(name, 'disk.qcow2', makeQcow2({ virtualSizeBytes: gib * GIB, guestData }));
  return { OSSBucket: name, OSSObject: 'disk.qcow2' };
};

/** An Available image of one real disk; in a family, if one is named. */
export const prepareImage = async (
  server: Server,
  name: string,
  family?: string,
): Promise<Prepared> => {
  const call = helper(server);
  const gib = 2;
  const { ImageId: imageId } = await call('ImportImage', {
    RegionId: REGION,
    ImageName: name,
    DiskDeviceMapping: [prepareDisk(server, name, gib)],
  });
  const image = await available(call, imageId);
  if (family !== undefined)
    await call('ModifyImageAttribute', {
      RegionId: REGION,
      ImageId: imageId,
      ImageFamily: family,
    });
  const snapshotId: string = image.DiskDeviceMappings.DiskDeviceMapping[0].SnapshotId;
  return { imageId, snapshotId, gib };
};

/** What no SDK of ECS has: an operation of another product, signed by hand with the operator's key. */
const callOther = async (
  target: Target,
  version: string,
  action: string,
  parameters: Record<string, string>,
): Promise<Answer> => {
  const options = { ...target, action, version, nowMs: Date.now(), format: 'JSON' };
  const response = await fetch(`${target.url}${signedRequest(parameters, options).target}`);
  const answer = (await response.json()) as Answer;
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
};

export const createAccount = async (target: Target, name: string): Promise<string> => {
  const { AccountId } = await callOther(target, '2026-11-24', 'CreateAccount', {
    AccountName: name,
  });
  return AccountId;
};

export const createResourceGroup = async (target: Target, name: string): Promise<string> => {
  const { ResourceGroup } = await callOther(target, '2020-03-31', 'CreateResourceGroup', {
    Name: name,
    DisplayName: name,
  });
  return ResourceGroup.Id;
};

/** Of the first disk of an image, as it is stored: 64 hexadecimal digits. */
export const diskSha256 = async (target: Target, ImageId: string): Promise<string> => {
  const asked = { RegionId: REGION, ImageId };
  const { Disks } = await callOther(target, '2026-11-24', 'DescribeImageContent', asked);
  return Disks.Disk[0].Digest.replace('sha256:', '');
};
