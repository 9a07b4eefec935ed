// What `kindred doctor` says of a data directory: is it there and ours alone, has it room, is it on a
// disk that keeps what it acknowledges, does a server have it. It opens no database but the lock, and
// that for reading.
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { networkFileSystemOf } from '../lib/network-file-system.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const GIB = 1024 ** 3;
const LITTLE_BYTES = 10 * GIB;
const TOO_LITTLE_BYTES = GIB;

export const checkDirectory = (dataDir: string): Finding[] => {
  if (!existsSync(join(dataDir, 'kindred.json')))
    return [
      warn(
        `there is no data directory ${dataDir}`,
        'kindred serve makes one; --data names another',
      ),
    ];
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return [fail(`the data directory ${dataDir} is not open to this user`, 'run as its owner')];
  }
  return [
    ok(`data directory ${dataDir}`),
    ...checkRights(dataDir),
    checkSpace(dataDir),
    checkFileSystem(dataDir),
    checkLock(dataDir),
  ];
};

/** The directory and its secrets belong to one user alone. */
const checkRights = (dataDir: string): Finding[] =>
  ['.', 'master.key', 'old-master-keys', 'root-key.json']
    .map((name) => join(dataDir, name))
    .filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0)
    .map((path) => warn(`${path} is open to other users`, `chmod go= ${path}`));

const checkSpace = (dataDir: string): Finding => {
  const { bavail, bsize } = statfsSync(dataDir);
  const freeBytes = bavail * bsize;
  const text = `${(freeBytes / GIB).toFixed(1)} GiB free`;
  if (freeBytes < TOO_LITTLE_BYTES)
    return fail(text, 'delete images, or move the directory to a larger disk');
  return freeBytes < LITTLE_BYTES ? warn(text, 'one disk image can be larger than that') : ok(text);
};

const checkFileSystem = (dataDir: string): Finding => {
  const name = networkFileSystemOf(dataDir);
  return name === undefined
    ? ok('a local file system')
    : fail(
        `a network file system (${name}) can lose acknowledged writes`,
        'move the directory to a local disk',
      );
};

const checkLock = (dataDir: string): Finding =>
  isLocked(join(dataDir, 'lock.db'))
    ? ok(`a server has the directory (process ${ownerOf(dataDir)})`)
    : ok('no server has the directory');

const isLocked = (path: string): boolean => {
  if (!existsSync(path)) return false;
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (/locked|busy/i.test((error as Error).message)) return true;
    throw error;
  } finally {
    database.close();
  }
};

const ownerOf = (dataDir: string): string => {
  try {
    return readFileSync(join(dataDir, 'kindred.pid'), 'utf8').trim();
  } catch {
    return 'unknown';
  }
};
