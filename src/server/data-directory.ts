// The data directory: who owns it, which format it has, and the two small secrets that lie in it.
// Everything is made with owner-only rights; files are written whole (temporary name, fsync, rename).
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkFileSystemOf } from '../lib/network-file-system.ts';
import type { Random } from '../lib/random.ts';
import { syncPath, writeWhole } from '../lib/write-whole.ts';
import { lockDataDirectory, type DataLock } from '../store/sqlite/lock.ts';
import { DATABASE_FILE } from '../store/sqlite/open.ts';
import { readSealed } from '../store/sqlite/sealed-columns.ts';
import { masterKeyId } from './backup/master-key-id.ts';
import { DirectoryInUse, StartRefused } from './refusal.ts';
import { makeSecrets, MASTER_KEY_BYTES } from './secrets.ts';

/** The format of the whole directory; SQLite's user_version counts the tables' shape. */
export const FORMAT = 1;

const LOCK_ATTEMPTS = 5;
const IDENTITY_FILE = 'kindred.json';
export const MASTER_KEY_FILE = 'master.key';
/** While a rotation is under way: the key that the rows are being sealed with. */
export const NEXT_MASTER_KEY_FILE = 'master.key.next';
/** Keys of before, each named by its id: old backups need them. */
export const OLD_MASTER_KEYS = 'old-master-keys';

export interface DataDirectory {
  path: string;
  instanceId: string;
  /** Counts restores: ids given out before a restore are told from later ones by it. */
  incarnation: number;
  /** When it was restored from a backup, wall clock; 0 if it never was. */
  restoredMs: number;
  /** Made for tests: what would harm a registry (chosen ids, backdated images) is open here. */
  isForTests: boolean;
  masterKey: Uint8Array;
  release(): void;
}

export interface DataDirectoryOptions {
  allowNetworkFs?: boolean;
  /** Base64 of 32 bytes, instead of the key file. */
  masterKey?: string;
  /** Data that die with the process: nothing waits for the disk. A directory made so is for tests. */
  isEphemeral?: boolean;
  /** Open the test controls: only on a directory that was made for tests, as a new one is then. */
  hasTestControls?: boolean;
}

/** Makes or opens the directory and takes its lock. @throws StartRefused */
export const openDataDirectory = (
  path: string,
  random: Random,
  options: DataDirectoryOptions = {},
): DataDirectory => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (options.isEphemeral) makeFolders(path);
  if (!options.allowNetworkFs) refuseNetworkFileSystem(path);
  refuseUnfinishedRestore(path);
  const lock = takeLock(path, random);
  if (lock === undefined)
    throw new DirectoryInUse(
      `the data directory ${path} is in use by another Kindred${ownerOf(path)}; stop it or choose another --data`,
    );
  const durability = { isDurable: options.isEphemeral !== true };
  try {
    // For whoever asks who has the directory; the lock is the truth, so that it needs no fsync.
    writeFileSync(join(path, 'kindred.pid'), `${process.pid}\n`, { mode: 0o600 });
    return {
      path,
      ...readIdentity(path, random, options),
      masterKey: options.masterKey
        ? decodeMasterKey(options.masterKey)
        : readMasterKey(path, random, durability),
      release: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
};

/** The stores make them too, and wait for the disk each time. */
const makeFolders = (path: string): void => {
  for (const name of ['blobs/sha256', 'staging'])
    mkdirSync(join(path, name), { recursive: true, mode: 0o700 });
};

/** Two that ask at the same moment can refuse each other, so that nobody would serve: ask again. */
const takeLock = (path: string, random: Random): DataLock | undefined => {
  for (let attempt = 1; ; attempt += 1) {
    const lock = lockDataDirectory(path);
    if (lock !== undefined || attempt === LOCK_ATTEMPTS) return lock;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 + (random.bytes(1)[0]! % 50));
  }
};

const ownerOf = (path: string): string => {
  try {
    return ` (process ${Number.parseInt(readFileSync(join(path, 'kindred.pid'), 'utf8'), 10)})`;
  } catch {
    return '';
  }
};

/** While a restore fills a directory this file says from what; it goes when everything is there. */
export const RESTORE_MARK = 'restore-unfinished.json';

const refuseUnfinishedRestore = (path: string): void => {
  if (existsSync(join(path, RESTORE_MARK)))
    throw new StartRefused(
      `${path} is a restore that did not end; run the same kindred restore again, and it goes on`,
    );
};

export const refuseNetworkFileSystem = (path: string): void => {
  const name = networkFileSystemOf(path);
  if (name !== undefined)
    throw new StartRefused(
      `${path} is on a network file system (${name}), where an acknowledged write can be lost; use a local disk, or --allow-network-fs if you accept that`,
    );
};

interface Durability {
  isDurable: boolean;
}

type Identity = Pick<DataDirectory, 'instanceId' | 'incarnation' | 'restoredMs' | 'isForTests'>;

const readIdentity = (
  path: string,
  random: Random,
  { isEphemeral = false, hasTestControls = false }: DataDirectoryOptions,
): Identity => {
  const file = join(path, IDENTITY_FILE);
  if (!existsSync(file)) {
    const fresh = {
      instanceId: random.uuid(),
      incarnation: 1,
      restoredMs: 0,
      isForTests: isEphemeral || hasTestControls,
    };
    writeIdentity(path, fresh, { isDurable: !isEphemeral });
    return fresh;
  }
  const { format, instanceId, incarnation, restoredMs = 0, forTests } = parseIdentity(file);
  if (typeof format === 'number' && format > FORMAT)
    throw new StartRefused(
      `${path} has data format ${format}; this version of Kindred knows ${FORMAT}: start the newer version`,
    );
  if (
    format !== FORMAT ||
    typeof instanceId !== 'string' ||
    typeof incarnation !== 'number' ||
    typeof restoredMs !== 'number'
  )
    throw new StartRefused(`${file} is damaged: restore it from a backup`);
  const isForTests = forTests === true;
  if (hasTestControls && !isForTests)
    throw new StartRefused(
      `${path} was not made for tests, so that --test-controls stay shut on it; start without them, or on a new --data`,
    );
  return { instanceId, incarnation, restoredMs, isForTests };
};

export const writeIdentity = (
  path: string,
  { restoredMs, isForTests, ...identity }: Identity,
  durability?: Durability,
): void => {
  const whole = {
    format: FORMAT,
    ...identity,
    ...(restoredMs > 0 && { restoredMs }),
    ...(isForTests && { forTests: true }),
  };
  writeWhole(join(path, IDENTITY_FILE), `${JSON.stringify(whole, null, 2)}\n`, durability);
};

const parseIdentity = (file: string): Readonly<Record<string, unknown>> => {
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8'))) as Record<string, unknown>;
  } catch {
    return {};
  }
};

const readMasterKey = (path: string, random: Random, durability: Durability): Uint8Array => {
  const file = join(path, MASTER_KEY_FILE);
  if (!existsSync(file)) {
    if (existsSync(join(path, DATABASE_FILE)))
      throw new StartRefused(
        `${file} is missing, and without it no secret of this data directory can be read; restore it, or give its content as KINDRED_MASTER_KEY`,
      );
    const key = random.bytes(MASTER_KEY_BYTES);
    writeMasterKey(file, key, durability);
    return key;
  }
  settleRotation(path, random);
  return decodeMasterKey(readFileSync(file, 'utf8'));
};

export const writeMasterKey = (file: string, key: Uint8Array, durability?: Durability): void =>
  writeWhole(file, `${Buffer.from(key).toString('base64')}\n`, durability);

/** A rotation that was cut off: the rows were sealed anew all or none, and they say which key is right. */
const settleRotation = (path: string, random: Random): void => {
  const next = join(path, NEXT_MASTER_KEY_FILE);
  if (!existsSync(next)) return;
  const sealed = existsSync(join(path, DATABASE_FILE)) ? readSealed(path) : [];
  const opens = (file: string): boolean => {
    const secrets = makeSecrets(decodeMasterKey(readFileSync(file, 'utf8')), random);
    try {
      for (const text of sealed) secrets.unseal(text);
      return true;
    } catch {
      return false;
    }
  };
  if (opens(join(path, MASTER_KEY_FILE))) {
    rmSync(next);
    syncPath(path);
  } else if (opens(next)) adoptNextMasterKey(path);
  else
    throw new StartRefused(
      `neither ${MASTER_KEY_FILE} nor ${NEXT_MASTER_KEY_FILE} in ${path} opens its secrets; put the right key into ${MASTER_KEY_FILE} and remove the other file`,
    );
};

/** The next key takes the place of the old one, which is kept for old backups. */
export const adoptNextMasterKey = (path: string, kept: () => void = () => undefined): void => {
  const file = join(path, MASTER_KEY_FILE);
  const old = decodeMasterKey(readFileSync(file, 'utf8'));
  const folder = join(path, OLD_MASTER_KEYS);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeMasterKey(join(folder, masterKeyId(old)), old);
  syncPath(path);
  kept();
  renameSync(join(path, NEXT_MASTER_KEY_FILE), file);
  syncPath(path);
};

export const decodeMasterKey = (text: string): Uint8Array => {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== MASTER_KEY_BYTES)
    throw new StartRefused('the master key must be 32 bytes in base64');
  return key;
};
