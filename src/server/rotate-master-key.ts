// Rotation of the master key of a data directory that no server has open. The new key is on disk before the
// first row needs it, all rows change in one transaction, and the old key goes last: whenever the process
// ends, the rows and the two files tell the next start which key is right.
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { eventDraft, serviceEvent } from '../domain/audit-event.ts';
import { systemClocks } from '../lib/clock.ts';
import type { Faults } from '../lib/fault.ts';
import type { Random } from '../lib/random.ts';
import { DATABASE_FILE, openStore } from '../store/sqlite/open.ts';
import { changeSealed, readSealed } from '../store/sqlite/sealed-columns.ts';
import { masterKeyId } from './backup/master-key-id.ts';
import {
  adoptNextMasterKey,
  decodeMasterKey,
  MASTER_KEY_FILE,
  NEXT_MASTER_KEY_FILE,
  OLD_MASTER_KEYS,
  openDataDirectory,
  writeMasterKey,
} from './data-directory.ts';
import { DirectoryInUse, StartRefused } from './refusal.ts';
import { MASTER_KEY_BYTES, makeSecrets } from './secrets.ts';

export interface RotationOptions {
  random: Random;
  faults: Faults;
  /** The key of the environment in base64, when it is not in the file. */
  masterKey?: string;
  /** The one that is to take its place. */
  newMasterKey?: string;
  allowNetworkFs?: boolean;
}

export interface Rotation {
  oldKeyId: string;
  newKeyId: string;
  /** How many secrets were sealed anew; 0 when all were under the new key already. */
  secretCount: number;
  /** Where the old key lies now; undefined when it came from the environment. */
  oldKeyFile?: string;
}

/** @throws StartRefused when a server runs there, or the keys are not right */
export const rotateMasterKey = async (
  path: string,
  options: RotationOptions,
): Promise<Rotation> => {
  const { random, faults, masterKey, newMasterKey } = options;
  if (!existsSync(join(path, DATABASE_FILE)))
    throw new StartRefused(`${path} is no data directory of Kindred; give the right one as --data`);
  requireBothOrNone(masterKey, newMasterKey);
  const directory = take(path, options);
  try {
    // Refuses a database that is foreign or newer, and brings an older one up to date.
    await openStoreOrRefuse(path).close();
    const oldKey = directory.masterKey;
    const newKey = newMasterKey ? decodeMasterKey(newMasterKey) : random.bytes(MASTER_KEY_BYTES);
    const keyIds = { oldKeyId: masterKeyId(oldKey), newKeyId: masterKeyId(newKey) };
    if (keyIds.oldKeyId === keyIds.newKeyId)
      throw new StartRefused('the new master key is the old one; make another');
    const [old, fresh] = [makeSecrets(oldKey, random), makeSecrets(newKey, random)];
    if (newMasterKey && opensAll(fresh.unseal, readSealed(path)))
      return { ...keyIds, secretCount: 0 };
    if (!newMasterKey) writeMasterKey(join(path, NEXT_MASTER_KEY_FILE), newKey);
    faults.reach('rotate.next');
    const open = (sealed: string): string => openOrRefuse(old.unseal, sealed);
    const secretCount = changeSealed(
      path,
      (sealed) => fresh.seal(open(sealed)),
      rotationRecord(random, keyIds),
      () => faults.reach('rotate.sealed'),
    );
    faults.reach('rotate.committed');
    if (newMasterKey) return { ...keyIds, secretCount };
    adoptNextMasterKey(path, () => faults.reach('rotate.kept'));
    faults.reach('rotate.named');
    return { ...keyIds, secretCount, oldKeyFile: join(path, OLD_MASTER_KEYS, keyIds.oldKeyId) };
  } finally {
    directory.release();
  }
};

/** Whoever may write the directory may rotate its key: all that is known of him is his name on this machine. */
const rotationRecord = (random: Random, keyIds: { oldKeyId: string; newKeyId: string }) => {
  const actor = {
    principal: 'kindred:rotate-master-key',
    requestId: random.uuid().toUpperCase(),
    nowMs: systemClocks.wallMs(),
  };
  const facts = { ...keyIds, localUser: localUser() };
  return eventDraft(serviceEvent(actor, 'MasterKeyRotated', facts));
};

/** A process may run under a number that has no name. */
const localUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
};

const requireBothOrNone = (masterKey?: string, newMasterKey?: string): void => {
  if (masterKey && !newMasterKey)
    throw new StartRefused(
      'the master key comes from KINDRED_MASTER_KEY; give the one that takes its place as KINDRED_NEW_MASTER_KEY (openssl rand -base64 32)',
    );
  if (newMasterKey && !masterKey)
    throw new StartRefused(
      `KINDRED_NEW_MASTER_KEY goes with KINDRED_MASTER_KEY, the key until now; without both, ${MASTER_KEY_FILE} gets a key of chance`,
    );
};

const take = (path: string, { random, ...options }: RotationOptions) => {
  try {
    return openDataDirectory(path, random, options);
  } catch (error) {
    if (!(error instanceof DirectoryInUse)) throw error;
    throw new StartRefused(
      `a server runs on ${path}, and the master key changes only while none does; stop it, then give this command again`,
      { cause: error },
    );
  }
};

const openStoreOrRefuse = (path: string) => {
  try {
    return openStore({ dataDir: path });
  } catch (error) {
    const { message } = error as Error;
    throw new StartRefused(`${join(path, DATABASE_FILE)}: ${message}`, { cause: error });
  }
};

type Unseal = (sealed: string) => string;

const opensAll = (unseal: Unseal, all: readonly string[]): boolean => {
  try {
    return all.length > 0 && all.every((sealed) => unseal(sealed) !== undefined);
  } catch {
    return false;
  }
};

const openOrRefuse = (unseal: Unseal, sealed: string): string => {
  try {
    return unseal(sealed);
  } catch (error) {
    throw new StartRefused(
      'the master key is not the one that the secrets of this data directory were sealed with, so that nothing was changed; give the right one',
      { cause: error },
    );
  }
};
