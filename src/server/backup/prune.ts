// Taking old backups away: first the manifest, so that a death in the middle leaves no backup that lacks
// something, then the copy of its database, then the bytes that no backup left names.
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from '../../blobs/folders.ts';
import { runCopyOrder } from '../../store/sqlite/database-copy.ts';
import { backupIds, type BackupFolder } from './backup-folder.ts';

/** Leaves the newest `keep`; returns how many backups went. A copy that cannot be read stops it. */
export const pruneBackups = async (
  folder: BackupFolder,
  keep: number,
  signal: AbortSignal,
): Promise<number> => {
  const ids = backupIds(folder.path);
  const old = ids.slice(0, Math.max(0, ids.length - keep));
  for (const id of old) rmSync(folder.manifestPath(id));
  if (old.length > 0) await syncFolder(dirname(folder.manifestPath('any')));
  for (const id of old) rmSync(folder.databasePath(id), { force: true });
  await dropUnnamed(folder, ids.slice(old.length), signal);
  return old.length;
};

const dropUnnamed = async (
  folder: BackupFolder,
  kept: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  const named = new Set<string>();
  for (const id of kept) {
    const path = folder.databasePath(id);
    const outcome = existsSync(path)
      ? await runCopyOrder({ action: 'read', path }, signal)
      : { message: 'its database is gone' };
    // What an unreadable copy names is not known: then nothing may go.
    if (!('facts' in outcome)) return;
    for (const { digest } of outcome.facts.blobs) named.add(digest);
  }
  for await (const { digest } of folder.blobs.list())
    if (!named.has(digest)) await folder.blobs.delete(digest);
};
