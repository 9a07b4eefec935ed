// What a restore looks at before it writes anything: the folder, the backup, the formats, the key that opens
// the secrets, and that the target is empty (or the same restore that did not end).
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { migrations } from '../../store/migrations/index.ts';
import {
  decodeMasterKey,
  FORMAT,
  refuseNetworkFileSystem,
  RESTORE_MARK,
} from '../data-directory.ts';
import { StartRefused } from '../refusal.ts';
import {
  backupIds,
  markOf,
  openBackupFolder,
  readManifest,
  type BackupFolder,
} from './backup-folder.ts';
import { ManifestDamaged, type Manifest } from './manifest.ts';
import { masterKeyId } from './master-key-id.ts';

export interface RestoreRequest {
  /** The folder of backups. */
  directory: string;
  /** Default the newest. */
  backupId?: string;
  dataDir: string;
  /** A file with the master key in base64. */
  masterKeyFile?: string;
  /** The key itself in base64 (`KINDRED_MASTER_KEY`). */
  masterKey?: string;
  /** A folder of blobs in which bytes are looked for that the backup lacks. */
  blobsFrom?: string;
  allowNetworkFs?: boolean;
}

export interface RestorePlan {
  folder: BackupFolder;
  manifest: Manifest;
  masterKey: Uint8Array;
  dataDir: string;
  blobsFrom: string | undefined;
}

/** A fresh file system has the first; the others are what a restore that began leaves at once. */
const MAY_BE_THERE: ReadonlySet<string> = new Set(['lost+found', 'lock.db', 'lock.db-journal']);

/** @throws StartRefused with a sentence */
export const planRestore = async (request: RestoreRequest): Promise<RestorePlan> => {
  const directory = existsSync(request.directory)
    ? realpathSync(request.directory)
    : resolve(request.directory);
  if (markOf(directory) === undefined)
    throw new StartRefused(`${request.directory} holds no backups of Kindred`);
  const manifest = chooseBackup(directory, request.backupId);
  refuseNewer(manifest);
  const folder = await openBackupFolder(directory);
  const masterKey = findMasterKey(request, folder, manifest);
  const dataDir = prepareTarget(request, directory, manifest);
  const blobsFrom = request.blobsFrom && blobsFolder(request.blobsFrom);
  return { folder, manifest, masterKey, dataDir, blobsFrom };
};

const chooseBackup = (directory: string, backupId: string | undefined): Manifest => {
  const chosen = backupId ?? backupIds(directory).at(-1);
  if (chosen === undefined) throw new StartRefused(`no backup in ${directory} was ever finished`);
  try {
    return readManifest(directory, chosen);
  } catch (error) {
    if (error instanceof ManifestDamaged) throw new StartRefused(error.message);
    throw error;
  }
};

const refuseNewer = ({ backupId, dataFormat, database, kindredVersion }: Manifest): void => {
  const newest = migrations.at(-1)?.version ?? 0;
  if (dataFormat > FORMAT || database.schemaVersion > newest)
    throw new StartRefused(
      `backup ${backupId} was made by a newer Kindred (${kindredVersion}, format ${dataFormat}.${database.schemaVersion}; this one knows ${FORMAT}.${newest}): restore it with that version`,
    );
};

/** Nothing is written before the key is known to be the right one. */
const findMasterKey = (
  { masterKeyFile, masterKey }: RestoreRequest,
  folder: BackupFolder,
  { backupId, masterKeyId: wanted }: Manifest,
): Uint8Array => {
  const kept = folder.keyPath(wanted);
  const [text, from] =
    masterKeyFile !== undefined
      ? [readKeyFile(masterKeyFile), masterKeyFile]
      : masterKey
        ? [masterKey, 'KINDRED_MASTER_KEY']
        : existsSync(kept)
          ? [readKeyFile(kept), kept]
          : [undefined, ''];
  if (text === undefined)
    throw new StartRefused(
      `backup ${backupId} does not hold its master key (${wanted}), and without it no secret can be opened: give the master.key of the old data directory by --master-key-file FILE`,
    );
  const key = decodeMasterKey(text);
  if (masterKeyId(key) !== wanted)
    throw new StartRefused(
      `the key of ${from} is ${masterKeyId(key)}, and backup ${backupId} was made under ${wanted}: it is another key`,
    );
  return key;
};

const readKeyFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartRefused(`the key file cannot be read: ${(error as Error).message}`);
  }
};

const prepareTarget = (request: RestoreRequest, directory: string, manifest: Manifest): string => {
  const given = resolve(request.dataDir);
  mkdirSync(given, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(given);
  if (isWithin(dataDir, directory) || isWithin(directory, dataDir))
    throw new StartRefused(`${given} and the folder of backups overlap: restore elsewhere`);
  if (!request.allowNetworkFs) refuseNetworkFileSystem(dataDir);
  const mark = join(dataDir, RESTORE_MARK);
  if (existsSync(mark)) {
    if (readFileSync(mark, 'utf8') !== restoreMark(manifest))
      throw new StartRefused(`${given} is an unfinished restore of another backup: empty it first`);
    return dataDir;
  }
  const found = readdirSync(dataDir).find((name) => !MAY_BE_THERE.has(name));
  if (found !== undefined)
    throw new StartRefused(`${given} is not empty (${found}): restore into an empty folder`);
  return dataDir;
};

/** What the mark in the target says: which backup fills it. */
export const restoreMark = ({ backupId, instanceId, database }: Manifest): string =>
  `${JSON.stringify({ backupId, instanceId, database: database.sha256 })}\n`;

/** A data directory, its `blobs`, or a store: whichever has `sha256` in it. */
const blobsFolder = (given: string): string => {
  for (const path of [join(given, 'blobs'), given])
    if (existsSync(join(path, 'sha256'))) return path;
  throw new StartRefused(`${given} holds no blobs: there is no sha256 in it`);
};

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
