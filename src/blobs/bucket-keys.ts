// The keys of a bucket in the order of their bytes, from any key on. A folder is read in passes that
// keep only the names that come next, so that memory is bounded by the page and never by the folder.
// What is no object (links, pipes, files that still grow, names that no key can have) does not show.
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyQuery } from './buckets.ts';
import { isMissing } from './file-error.ts';
import { isObjectKey } from './object-names.ts';

/** Names that one pass over a folder keeps. */
const PASS_ENTRIES = 1_001;
/** Folders below each other; keys are at most 1023 bytes. */
const MAX_DEPTH = 512;

interface Entry {
  /** From the bucket on; a folder's ends in `/`. */
  key: string;
  bytes: Buffer;
}

/** @param folder of the bucket */
export const keysIn = (folder: string, query: KeyQuery): AsyncGenerator<string> =>
  walk(folder, '', query, 0);

async function* walk(
  root: string,
  below: string,
  query: KeyQuery,
  depth: number,
): AsyncGenerator<string> {
  let from: Buffer = Buffer.alloc(0);
  for (;;) {
    const { entries, isAll } = await nextEntries(root, below, query, from);
    for (const { key } of entries) {
      if (!key.endsWith('/')) yield key;
      else if (isGroup(key, query)) {
        if (await holdsObject(root, key, depth)) yield key;
      } else if (depth < MAX_DEPTH) yield* walk(root, key, query, depth + 1);
    }
    const last = entries.at(-1);
    if (isAll || last === undefined) return;
    from = last.bytes;
  }
}

const nextEntries = async (
  root: string,
  below: string,
  query: KeyQuery,
  from: Buffer,
): Promise<{ entries: Entry[]; isAll: boolean }> => {
  const after = Buffer.from(query.after);
  let entries: Entry[] = [];
  let isAll = true;
  const cut = (): void => {
    entries = entries.toSorted((a, b) => a.bytes.compare(b.bytes));
    if (entries.length > PASS_ENTRIES) isAll = false;
    entries.length = Math.min(entries.length, PASS_ENTRIES);
  };
  for await (const key of namesIn(root, below)) {
    const bytes = Buffer.from(key);
    if (bytes.compare(from) <= 0 || !isWanted(key, bytes, query, after)) continue;
    if (entries.push({ key, bytes }) > 2 * PASS_ENTRIES) cut();
  }
  cut();
  return { entries, isAll };
};

/** Whether a folder is told instead of opened. */
const isGroup = (folder: string, { prefix, isGrouped }: KeyQuery): boolean =>
  isGrouped && folder.length > prefix.length && folder.startsWith(prefix);

const isWanted = (key: string, bytes: Buffer, query: KeyQuery, from: Buffer): boolean => {
  const { prefix, after } = query;
  const isFolder = key.endsWith('/');
  const fits = key.startsWith(prefix) || (isFolder && prefix.startsWith(key));
  // A group that was named itself has been told; any other folder that the last key lies in, or names, goes on.
  const isTold = after === key && isGroup(key, query);
  return fits && (bytes.compare(from) > 0 || (isFolder && after.startsWith(key) && !isTold));
};

async function* namesIn(root: string, below: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(join(root, below))) {
      const key = `${below}${entry.name}`;
      if (!isObjectKey(key) || entry.name.includes('\ufffd')) continue;
      if (entry.isFile()) yield key;
      else if (entry.isDirectory()) yield `${key}/`;
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Whether any object lies below the folder: an empty one is no key's beginning. */
const holdsObject = async (root: string, folder: string, depth: number): Promise<boolean> => {
  if (depth > MAX_DEPTH) return false;
  for await (const key of namesIn(root, folder))
    if (!key.endsWith('/') || (await holdsObject(root, key, depth + 1))) return true;
  return false;
};
