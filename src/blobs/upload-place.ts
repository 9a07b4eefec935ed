// Where the bytes of an upload grow, and how they become an object: in the folder of their bucket, which
// may be a file system of its own, under a name that is no object's.
import { join } from 'node:path';
import type { Upload } from '../domain/upload.ts';
import { freeBytesAt } from './growing-file.ts';
import {
  nameObject,
  syncObject,
  takeAway,
  unfinishedPath,
  versionAt,
} from './unfinished-objects.ts';

type Known = Pick<Upload, 'uploadId' | 'bucket' | 'object'>;

export interface UploadPlace {
  /** The file that grows. */
  path(upload: Known): string;
  /** The version of that file; undefined when there is none. */
  version(upload: Known): Promise<string | undefined>;
  /** Gives the file of `version` its object's name, durably; idempotent. */
  name(upload: Known, version: string): Promise<'named' | 'missing' | 'taken'>;
  /** Removes the file, and the object too if it is the file of `version`. */
  remove(upload: Known, version: string | undefined): Promise<void>;
  freeBytes(bucket: string): Promise<number>;
}

export const bucketPlace = (bucketsRoot: string): UploadPlace => {
  const folderOf = ({ bucket }: Pick<Known, 'bucket'>) => ({ bucketsRoot, bucket });
  const path = (upload: Known): string =>
    unfinishedPath(folderOf(upload), `upload-${upload.uploadId}`);
  return {
    path,
    version: (upload) => versionAt(path(upload)),
    async name(upload, version) {
      const outcome = await nameObject(folderOf(upload), path(upload), upload.object, version);
      if (outcome === 'named') await syncObject(folderOf(upload), upload.object);
      return outcome;
    },
    remove: (upload, version) => takeAway(folderOf(upload), path(upload), upload.object, version),
    freeBytes: (bucket) => freeBytesAt(join(bucketsRoot, bucket)),
  };
};
