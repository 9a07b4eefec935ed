// What the buckets say of the objects that ImportImage is to read. The facts are gathered before the
// transaction; whether the caller may know them is decided inside it. The object of another account's
// bucket must never be told apart from one that does not exist.
import type { ImageDisk } from '../../../domain/image.ts';
import type { BucketObject } from '../../../domain/installation.ts';
import type { RegionId } from '../../../domain/ids.ts';
import type { CallContext, WriteContext } from '../../../operation.ts';
import type { ImportDisk } from './import-disk.ts';
import { requireOwnBucket } from './own-bucket.ts';

export interface ImportFacts {
  bucketExists: boolean;
  object: BucketObject | 'unreadable' | undefined;
}

/** The object of one disk. */
export interface ImportObject extends BucketObject {
  bucket: string;
  object: string;
}

/** The largest disk (2048 GiB) as a raw file, and room for the tables of other formats. */
const MAX_OBJECT_BYTES = 2050 * 2 ** 30;

/** Asks the buckets, all at once. */
export const gatherImportFacts = (
  ctx: Pick<CallContext<never>, 'installation'>,
  disks: readonly ImportDisk[],
): Promise<ImportFacts[]> =>
  Promise.all(
    disks.map(async ({ OSSBucket, OSSObject }) => {
      const bucketExists = await ctx.installation.bucketExists(OSSBucket);
      const object = bucketExists
        ? await ctx.installation.statObject(OSSBucket, OSSObject)
        : undefined;
      return { bucketExists, object };
    }),
  );

type ObjectFault =
  | 'InvalidOSS.NotAuthorized'
  | 'InvalidOSSBucket.NotFound'
  | 'InvalidOSSBucket.NotMatched'
  | 'InvalidOSSObject.NotFound'
  | 'InvalidOSSObject.Size';
type Context = Pick<WriteContext<ObjectFault>, 'tx' | 'fail' | 'caller'>;

/** The object of each disk, once it is sure that the caller may know of it. */
export const importObjects = async (
  ctx: Context,
  region: RegionId,
  disks: readonly ImportDisk[],
  facts: readonly ImportFacts[],
): Promise<ImportObject[]> => {
  const objects: ImportObject[] = [];
  for (const [i, { OSSBucket, OSSObject }] of disks.entries()) {
    const of = { parameter: `DiskDeviceMapping.${i + 1}` };
    const fact = facts[i];
    const bucket = { name: OSSBucket, exists: fact?.bucketExists === true };
    await requireOwnBucket(ctx, region, bucket, of.parameter);
    if (fact?.object === undefined) throw ctx.fail('InvalidOSSObject.NotFound', of);
    if (fact.object === 'unreadable') throw ctx.fail('InvalidOSS.NotAuthorized', of);
    if (fact.object.sizeBytes === 0 || fact.object.sizeBytes > MAX_OBJECT_BYTES)
      throw ctx.fail('InvalidOSSObject.Size', of);
    objects.push({ ...fact.object, bucket: OSSBucket, object: OSSObject });
  }
  return objects;
};

/** What the job must know of the files, as JSON text; its shape belongs to the job. */
export const importState = (
  disks: readonly ImageDisk[],
  objects: readonly ImportObject[],
): string =>
  JSON.stringify({
    disks: objects.map(({ bucket, object, version, sizeBytes }, i) => ({
      position: i + 1,
      snapshotId: disks[i]?.snapshotId,
      bucket,
      object,
      declaredFormat: disks[i]?.format.toUpperCase() ?? '',
      declaredSizeGib: disks[i]?.sizeGib ?? 0,
      sourceVersion: version,
      sourceSizeBytes: sizeBytes,
    })),
  });
