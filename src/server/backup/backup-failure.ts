// What a backup ends with that cannot go on, told so that the operator knows what to do about it.
import { statfsSync } from 'node:fs';
import { deniedEnd, isFull } from '../../blobs/file-error.ts';
import { SyncFailure } from '../../blobs/folders.ts';
import { sqliteFailure } from '../../store/sqlite/sqlite-failure.ts';

/** An end that the operator can do something about. */
export class BackupFailed extends Error {
  override readonly name = 'BackupFailed';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The error in these words, if it has any; else itself. `directory`: where the backup was to go. */
export const asBackupFailure = (error: unknown, directory: string): unknown => {
  if (error instanceof SyncFailure) return new BackupFailed('SYNC_FAILED', error.message);
  const isRefused =
    (error instanceof BackupFailed && error.code === 'TARGET_UNWRITABLE') ||
    isDeniedBelow(directory, error) ||
    sqliteFailure(error) === 'NOT_WRITABLE';
  // A file that cannot be made for want of an inode is to SQLite a file that it may not open.
  if (isFull(error) || sqliteFailure(error) === 'NO_SPACE' || (isRefused && hasNoInode(directory)))
    return new BackupFailed('NO_SPACE', `There is no room left in ${directory}.`);
  if (error instanceof BackupFailed) return error;
  if (isRefused)
    return new BackupFailed(
      'TARGET_UNWRITABLE',
      `The folder ${directory}, or one in it, cannot be written to (${(error as Error).message}).`,
    );
  return deniedEnd(error) === 'source'
    ? new BackupFailed('SOURCE_UNREADABLE', `A store cannot be read (${(error as Error).message}).`)
    : error;
};

const isDeniedBelow = (directory: string, error: unknown): boolean =>
  deniedEnd(error) !== undefined &&
  String((error as NodeJS.ErrnoException).path).startsWith(directory); // it has a code, so it is one

const hasNoInode = (directory: string): boolean => {
  const { files, ffree } = statfsSync(directory);
  return files > 0 && ffree === 0;
};
