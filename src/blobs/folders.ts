// Folders that survive a power cut. A rename or a new name is on disk only once its folder is synced,
// and a new folder only once its parent is.
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './file-error.ts';

/**
 * An fsync failed: whatever was written before may be lost, and asking again would only hide it
 * (the kernel reports such an error once). The work fails for good and the service stops writing.
 */
export class SyncFailure extends Error {
  override readonly name = 'SyncFailure';
}

/** Makes the names in a folder durable. */
export const syncFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (cause) {
    throw new SyncFailure(`The folder ${path} could not be written to disk.`, { cause });
  } finally {
    await handle.close();
  }
};

/** Makes a folder and its missing parents, each synced into the folder that names it. */
export const makeFolder = async (path: string): Promise<void> => {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    await makeFolder(dirname(path));
    return makeFolder(path);
  }
  await syncFolder(dirname(path));
};
