// Where the bytes of an upload grow, and how they become an object: below a name that is no object's.
import type { Upload } from '../domain/upload.ts';
import type { Buckets } from './buckets.ts';
import { versionAt } from './file-version.ts';
import { freeBytesAt } from './growing-file.ts';
import { growthFolder, growthPath } from './growth-place.ts';

type Known = Pick<Upload, 'uploadId' | 'bucket' | 'object'>;

export interface UploadPlace {
  /** The file that grows. */
  path(upload: Known): string;
  /** Before the first byte. */
  prepare(upload: Known): Promise<void>;
  /** The version of that file; undefined when there is none. */
  version(upload: Known): Promise<string | undefined>;
  /** Makes the file of `version` its object, durably; idempotent. @throws StoreUnavailable */
  name(upload: Known, version: string): Promise<'named' | 'missing' | 'taken'>;
  /** Removes the file, and the object too if it was made of the file of `version`. */
  remove(upload: Known, version: string | undefined): Promise<void>;
  freeBytes(bucket: string): Promise<number>;
}

export const bucketPlace = (buckets: Buckets): UploadPlace => {
  const path = ({ bucket, uploadId }: Known): string =>
    growthPath(buckets, bucket, `upload-${uploadId}`);
  return {
    path,
    prepare: ({ bucket }) => buckets.prepareGrowth(bucket),
    version: (upload) => versionAt(path(upload)),
    name: (upload, version) =>
      buckets.nameObject(upload.bucket, path(upload), upload.object, version),
    remove: (upload, version) =>
      buckets.takeAway(upload.bucket, path(upload), upload.object, version),
    async freeBytes(bucket) {
      await buckets.prepareGrowth(bucket);
      return freeBytesAt(growthFolder(buckets, bucket));
    },
  };
};
