// A folder of backups: `kindred-backups.json` says whose it is, `backups/<id>.json` are the manifests,
// `databases/<id>.db` the copies, `blobs/sha256/aa/<hex>` bytes that all of them share, `master-keys/<id>`
// keys that were asked for, `partial/` what is being written. What has no manifest is no backup.
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { openFileBlobs } from '../../blobs/files.ts';
import { makeFolder } from '../../blobs/folders.ts';
import type { BlobStore } from '../../blobs/blob-store.ts';
import { BACKUP_FORMAT, ManifestDamaged, parseManifest, type Manifest } from './manifest.ts';
import { writeWhole } from '../../lib/write-whole.ts';

const MARK = 'kindred-backups.json';
/** A fresh file system has this folder. */
const NOT_OURS_BUT_FINE: ReadonlySet<string> = new Set(['lost+found']);
const BACKUP_ID = /^\d{8}T\d{6}Z(-\d{1,4})?$/;

export interface BackupFolder {
  readonly path: string;
  readonly blobs: BlobStore;
  databasePath(backupId: string): string;
  manifestPath(backupId: string): string;
  keyPath(masterKeyId: string): string;
  partialPath(name: string): string;
}

/** The instance whose backups lie there; undefined when no backup was ever begun there. */
export const markOf = (directory: string): { format: number; instanceId: string } | undefined => {
  const path = join(directory, MARK);
  if (!existsSync(path)) return undefined;
  try {
    const { format, instanceId } = Object(JSON.parse(readFileSync(path, 'utf8'))) as Record<
      string,
      unknown
    >;
    return { format: Number(format), instanceId: String(instanceId) };
  } catch {
    return { format: Number.NaN, instanceId: '' };
  }
};

/**
 * Why the folder cannot hold backups of the instance; undefined when it can. `own`: folders of the
 * server, which sweeps or serves what lies there.
 */
export const folderRefusal = (
  directory: string,
  instanceId: string,
  own: readonly string[],
): string | undefined => {
  if (!isAbsolute(directory)) return `${directory} is not an absolute path on the server's host`;
  const real = realPath(directory);
  if (real === undefined) return `${directory} leads nowhere: a part of the path is no folder`;
  for (const folder of own)
    if (isWithin(real, folder) || isWithin(folder, real))
      return `${directory} overlaps ${folder}, which the server uses: a backup belongs elsewhere, on another disk`;
  if (!existsSync(real)) return undefined;
  const mark = markOf(real);
  if (mark === undefined) {
    const found = readdirSync(real).find((name) => !NOT_OURS_BUT_FINE.has(name));
    return found === undefined
      ? undefined
      : `${directory} is not empty (${found}) and holds no backups of Kindred: name an empty folder`;
  }
  if (mark.format !== BACKUP_FORMAT)
    return `${join(directory, MARK)} has format ${mark.format}, and this version of Kindred knows ${BACKUP_FORMAT}`;
  return mark.instanceId === instanceId
    ? undefined
    : `${directory} holds the backups of another Kindred (${mark.instanceId})`;
};

/** Links resolved, as far as the path is there; undefined when it goes through something that is no folder. */
const realPath = (path: string): string | undefined => {
  try {
    const found = realpathSync(path);
    return statSync(found).isDirectory() ? found : undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const isNew = code === 'ENOENT' && lstatSync(path, { throwIfNoEntry: false }) === undefined;
    const parent = isNew && dirname(path) !== path ? realPath(dirname(path)) : undefined;
    return parent === undefined ? undefined : join(parent, basename(path));
  }
};

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** Opens it as it is, making what is missing below it. */
export const openBackupFolder = async (path: string): Promise<BackupFolder> => ({
  path,
  blobs: await openFileBlobs({ root: join(path, 'blobs'), name: 'backup' }),
  databasePath: (backupId) => join(path, 'databases', `${backupId}.db`),
  manifestPath: (backupId) => join(path, 'backups', `${backupId}.json`),
  keyPath: (masterKeyId) => join(path, 'master-keys', masterKeyId),
  partialPath: (name) => join(path, 'partial', name),
});

/** Makes the folder the instance's own; everything is for the owner alone. */
export const claimBackupFolder = async (
  path: string,
  instanceId: string,
): Promise<BackupFolder> => {
  await makeFolder(path);
  if (markOf(path) === undefined)
    writeWhole(join(path, MARK), `${JSON.stringify({ format: BACKUP_FORMAT, instanceId })}\n`);
  for (const name of ['backups', 'databases', 'master-keys', 'partial'])
    await makeFolder(join(path, name));
  return openBackupFolder(path);
};

/** Ids of what has a manifest, oldest first. */
export const backupIds = (directory: string): string[] => {
  const folder = join(directory, 'backups');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((name) => BACKUP_ID.test(name))
    .toSorted(byAge);
};

const byAge = (a: string, b: string): number => {
  const [dayA = '', turnA = '0'] = a.split('-');
  const [dayB = '', turnB = '0'] = b.split('-');
  return dayA === dayB ? Number(turnA) - Number(turnB) : dayA < dayB ? -1 : 1;
};

/** `20261124T171636Z`, or with a number behind it when `taken` has that. */
export const backupIdOf = (nowMs: number, taken: ReadonlySet<string>): string => {
  const stamp = `${new Date(nowMs).toISOString().replace(/[-:]|\.\d+Z$/g, '')}Z`;
  for (let turn = 2, id = stamp; ; turn += 1) {
    if (!taken.has(id)) return id;
    id = `${stamp}-${turn}`;
  }
};

/** @throws ManifestDamaged */
export const readManifest = (directory: string, backupId: string): Manifest => {
  const path = join(directory, 'backups', `${backupId}.json`);
  if (!BACKUP_ID.test(backupId) || !existsSync(path))
    throw new ManifestDamaged(`there is no backup ${backupId} in ${directory}`);
  return parseManifest(readFileSync(path, 'utf8'), path);
};

/** Takes away what runs left that did not end: copies of databases that no manifest names. */
export const clearUnrecorded = (directory: string): void => {
  const recorded = new Set(backupIds(directory).map((id) => `${id}.db`));
  for (const name of readdirSync(join(directory, 'databases')))
    if (!recorded.has(name)) rmSync(join(directory, 'databases', name), { force: true });
  for (const name of readdirSync(join(directory, 'partial')))
    if (!name.endsWith('.part')) rmSync(join(directory, 'partial', name), { force: true });
};
