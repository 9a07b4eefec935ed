import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file (mode 0600) so that after a crash it is there whole or not at all. Not `isDurable` is for
 * data that die with the process: then nothing waits for the disk.
 */
export const writeWhole = (
  path: string,
  content: string | Uint8Array,
  { isDurable = true }: { isDurable?: boolean } = {},
): void => {
  // After a crash nobody looks for what died with the process.
  const temporary = isDurable ? `${path}.new` : path;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    if (typeof content === 'string') writeSync(descriptor, content);
    else writeSync(descriptor, content);
    if (isDurable) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  if (!isDurable) return;
  renameSync(temporary, path);
  // A name is on disk once its folder is.
  syncPath(dirname(path));
};

/** Waits until a file, or the names in a folder, are on disk. */
export const syncPath = (path: string): void => {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};
