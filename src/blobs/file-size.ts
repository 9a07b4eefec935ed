import { stat } from 'node:fs/promises';
import { isMissing } from './file-error.ts';

/** Length of the regular file at `path`, bytes; undefined when there is none. */
export const sizeOf = async (path: string): Promise<number | undefined> => {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};
