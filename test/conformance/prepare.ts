// What a client is to find: brought by another client, past the recording, so that only what the client
// under test sends is recorded as its own.
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { POP_CORE_GET, type Answer, type Call } from './clients.ts';
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
