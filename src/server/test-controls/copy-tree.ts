import { constants, copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that never change once they have their name: a second name is as good as a copy. */
const UNCHANGING = 'blobs';

/** Copies a data directory that nobody has open. */
export const copyTree = (from: string, to: string, isUnchanging = false): void => {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target, isUnchanging || entry.name === UNCHANGING);
    else if (entry.isFile() && isUnchanging) linkSync(source, target);
    else if (entry.isFile()) copyFileSync(source, target, constants.COPYFILE_FICLONE);
  }
};

/** Removes what is in a folder, not the folder: somebody may have made it with rights of its own. */
export const emptyFolder = (path: string): void => {
  for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true });
};
