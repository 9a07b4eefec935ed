// Blobs as files: `<root>/sha256/aa/<64 hex>`. Staging lies on the same file system, so publishing is
// a rename; both folders are synced before anybody may believe it. Never overwrites differing bytes nor
// deletes unasked.
import { open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest } from '../domain/ids.ts';
import { noFaults, type Faults } from '../lib/fault.ts';
import type { BlobStore, ByteRange, OpenBlob, StoredBlob } from './blob-store.ts';
import { BlobConflict, digestOfHex, hexOf } from './blob-store.ts';
import { isMissing } from './file-error.ts';
import { sizeOf } from './file-size.ts';
import { makeFolder, syncFolder } from './folders.ts';

const READ_BYTES = 256 * 1024;
const HEX_FOLDER = /^[0-9a-f]{2}$/;
const HEX_NAME = /^[0-9a-f]{64}$/;

export interface FileBlobsOptions {
  /** `<data>/blobs`; made when missing. */
  root: string;
  /** Default `files`; a region's own store is `files:<region>`. */
  name?: string;
  faults?: Faults;
}

export const openFileBlobs = async (options: FileBlobsOptions): Promise<BlobStore> => {
  const root = join(options.root, 'sha256');
  const faults = options.faults ?? noFaults;
  await makeFolder(root);
  const pathOf = (digest: Digest): string => {
    const hex = hexOf(digest);
    return join(root, hex.slice(0, 2), hex);
  };

  return {
    name: options.name ?? 'files',
    source: (digest) => ({ kind: 'file', path: pathOf(digest) }),

    async put(stagedPath, digest, sizeBytes, { replaces = false } = {}) {
      const path = pathOf(digest);
      const folder = dirname(path);
      await makeFolder(folder);
      const outcome = replaces
        ? await replace(stagedPath, path, sizeBytes)
        : await place(stagedPath, path, digest, sizeBytes);
      if (outcome === 'missing') return outcome;
      faults.reach('publish.renamed');
      // Also when the blob was there already: the process may have died between rename and sync.
      await syncFolder(folder);
      await syncFolder(dirname(stagedPath));
      faults.reach('publish.synced');
      return outcome;
    },

    open: (digest, range) => openFile(pathOf(digest), range),
    async head(digest) {
      const sizeBytes = await sizeOf(pathOf(digest));
      return sizeBytes === undefined ? undefined : { sizeBytes };
    },

    /** Every put is one rename: nothing is ever half in its place. */
    async *unfinished() {},

    async delete(digest) {
      const path = pathOf(digest);
      const existed = await removeFile(path);
      // Synced even when the file was gone: its removal may have been ours, before a crash.
      if (existed || (await isFolder(dirname(path)))) await syncFolder(dirname(path));
      return existed;
    },

    async *list(after = '') {
      const afterHex = after.slice('sha256:'.length);
      for (const folder of await namesIn(root, HEX_FOLDER)) {
        if (folder < afterHex.slice(0, 2)) continue;
        for (const name of await namesIn(join(root, folder), HEX_NAME)) {
          if (name <= afterHex) continue;
          const stored = await storedFile(join(root, folder, name), name);
          if (stored !== undefined && name.startsWith(folder)) yield stored;
        }
      }
    },
  };
};

/** Moves the staged file to its place, unless equal bytes are there; then drops it. */
const place = async (
  stagedPath: string,
  path: string,
  digest: Digest,
  sizeBytes: number,
): Promise<'stored' | 'joined' | 'missing'> => {
  const storedBytes = await sizeOf(path);
  if (storedBytes !== undefined) {
    if (storedBytes !== sizeBytes) throw new BlobConflict(digest, storedBytes, sizeBytes);
    await removeFile(stagedPath);
    return 'joined';
  }
  // A staged file of another length is not what was hashed: as good as none.
  if ((await sizeOf(stagedPath)) !== sizeBytes) return 'missing';
  await rename(stagedPath, path);
  return 'stored';
};

/** Over whatever lies there: those who read the old file read on. */
const replace = async (
  stagedPath: string,
  path: string,
  sizeBytes: number,
): Promise<'stored' | 'missing'> => {
  if ((await sizeOf(stagedPath)) !== sizeBytes) return 'missing';
  await rename(stagedPath, path);
  return 'stored';
};

const openFile = async (path: string, range?: ByteRange): Promise<OpenBlob | undefined> => {
  let handle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const { start, end } = range ?? { start: 0, end: size };
    if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end)))
      throw new RangeError('A range is two whole numbers.');
    if (start < 0 || start > end || end > size)
      throw new RangeError(`The range ${start} to ${end} does not lie within ${size} bytes.`);
    // Streams count the last byte in, and cannot say "nothing": an empty range reads an empty part.
    const stream =
      start === end
        ? handle.createReadStream({ start: size, highWaterMark: 1 })
        : handle.createReadStream({ start, end: end - 1, highWaterMark: READ_BYTES });
    return { sizeBytes: size, stream };
  } catch (error) {
    await handle.close();
    throw error;
  }
};

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

const removeFile = async (path: string): Promise<boolean> => {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

const namesIn = async (folder: string, pattern: RegExp): Promise<string[]> =>
  (await readdir(folder)).filter((name) => pattern.test(name)).sort();

const storedFile = async (path: string, name: string): Promise<StoredBlob | undefined> => {
  try {
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    return { digest: digestOfHex(name), sizeBytes: found.size, modifiedMs: found.mtimeMs };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};
