// The folder in which files grow until they are hashed and checked: `<data>/staging/<name>.part`. A
// file belongs to the image whose id its name begins with, so that an owner can always be told.
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageId } from '../domain/ids.ts';
import { isMissing } from './file-error.ts';
import { makeFolder } from './folders.ts';

const SUFFIX = '.part';

export interface StagedFile {
  /** File name in the folder. */
  name: string;
  sizeBytes: number;
  modifiedMs: number;
}

export interface Staging {
  readonly root: string;
  /** Where disk `position` of the image is staged. */
  path(imageId: ImageId, position: number): string;
  /** Returns whether it was there. */
  remove(name: string): Promise<boolean>;
  /** Removes everything that is staged for the image. */
  removeOf(imageId: ImageId): Promise<void>;
  list(): Promise<StagedFile[]>;
}

export const stagedName = (imageId: ImageId, position: number): string => {
  const name = `${imageId}.${position}${SUFFIX}`;
  if (!/^m-[0-9a-z]{1,60}\.[0-9]{1,3}\.part$/.test(name))
    throw new RangeError('A staged file is named after an image and a position.');
  return name;
};

/** The image that a staged file belongs to; undefined for a name that was not made here. */
export const stagedImageId = (name: string): ImageId | undefined =>
  /^(m-[0-9a-z]{1,60})\.[0-9]{1,3}\.part$/.exec(name)?.[1] as ImageId | undefined;

/** Opens `<data>/staging`, making it when it is missing. */
export const openStaging = async (root: string): Promise<Staging> => {
  await makeFolder(root);
  const remove = async (name: string): Promise<boolean> => {
    try {
      await unlink(join(root, name));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  };
  return {
    root,
    path: (imageId, position) => join(root, stagedName(imageId, position)),
    remove,
    async removeOf(imageId) {
      for (const name of await readdir(root))
        if (stagedImageId(name) === imageId) await remove(name);
    },
    async list() {
      const files: StagedFile[] = [];
      for (const name of (await readdir(root)).sort()) {
        const found = await stat(join(root, name)).catch((error: unknown) => {
          if (isMissing(error)) return undefined;
          throw error;
        });
        if (found?.isFile() === true)
          files.push({ name, sizeBytes: found.size, modifiedMs: found.mtimeMs });
      }
      return files;
    },
  };
};
