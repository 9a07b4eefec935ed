// The operator's account and its root key, made at the first start; and a key that the environment
// adds. Neither is ever shown in a log.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from '../domain/account.ts';
import { recordService } from '../domain/audit-event.ts';
import { newAccessKeyPair, newAccountId } from '../domain/ids.ts';
import type { Tx } from '../domain/tx.ts';
import type { House } from './house.ts';
import { StartRefused } from './refusal.ts';
import { writeWhole } from '../lib/write-whole.ts';

export interface KeyPair {
  accessKeyId: string;
  accessKeySecret: string;
}

export const ROOT_KEY_FILE = 'root-key.json';

/** Returns the root key that this start made, if it made one. */
export const ensureFirstAccount = async (
  house: House,
  dataDir: string,
  { givenKey: given, isEphemeral }: { givenKey?: KeyPair; isEphemeral?: boolean },
): Promise<KeyPair | undefined> => {
  const existing = await house.store.read((tx) => tx.accounts({ limit: 1, offset: 0 }));
  await refuseOtherMasterKey(house, existing.rows[0]);
  if (existing.total > 0 && !given) return undefined;
  const fresh = !given ? newAccessKeyPair(house.random) : undefined;
  // The file comes before the rows: a crash between them leaves a key that opens nothing, and the
  // next start makes another; the other way round nobody could ever get in.
  if (fresh)
    writeWhole(join(dataDir, ROOT_KEY_FILE), `${JSON.stringify(fresh, null, 2)}\n`, {
      isDurable: isEphemeral !== true,
    });
  const nowMs = house.clocks.wallMs();
  const operatorId = newAccountId(house.random);
  const actor = { principal: 'kindred:start', requestId: house.random.uuid().toUpperCase(), nowMs };
  await house.store.write(actor, async (tx) => {
    const operator = (await tx.accounts({ limit: 1, offset: 0 })).rows[0];
    const accountId = operator?.accountId ?? operatorId;
    if (!operator)
      await tx.insertAccount({
        accountId,
        accountName: 'operator',
        isOperator: true,
        creationMs: nowMs,
      });
    const pair = given ?? fresh;
    const sealed = pair && house.secrets.seal(pair.accessKeySecret);
    const isNewKey =
      pair && sealed ? await addKey(tx, accountId, pair, sealed, house, nowMs) : false;
    const facts = { accountId, accessKeyId: pair?.accessKeyId };
    if (!operator) recordService(tx, 'OperatorAccountMade', facts);
    else if (isNewKey) recordService(tx, 'RootKeyGiven', facts);
  });
  return fresh;
};

/** Better no start than a server on which every key ends in an internal error. */
const refuseOtherMasterKey = async (house: House, operator: Account | undefined): Promise<void> => {
  if (operator === undefined) return;
  const [key] = await house.store.read((tx) => tx.accessKeys(operator.accountId));
  try {
    if (key) house.secrets.unseal(key.sealedSecret);
  } catch (error) {
    throw new StartRefused(
      'the master key is not the one that the secrets of this data directory were sealed with; give the right one',
      { cause: error },
    );
  }
};

/** Whether the key was not there yet. */
const addKey = async (
  tx: Tx,
  accountId: ReturnType<typeof newAccountId>,
  pair: KeyPair,
  sealedSecret: string,
  { secrets }: House,
  creationMs: number,
): Promise<boolean> => {
  const known = await tx.accessKey(pair.accessKeyId);
  if (known === undefined) {
    const { accessKeyId } = pair;
    await tx.insertAccessKey({
      accessKeyId,
      accountId,
      sealedSecret,
      status: 'Active',
      creationMs,
    });
    return true;
  }
  if (secrets.unseal(known.sealedSecret) !== pair.accessKeySecret)
    throw new StartRefused(
      `KINDRED_ACCESS_KEY_ID ${pair.accessKeyId} exists with another secret; delete that key first or choose another id`,
    );
  return false;
};

/** The root key that lies in the data directory, if it does. */
export const readRootKey = (dataDir: string): KeyPair | undefined => {
  const file = join(dataDir, ROOT_KEY_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KeyPair) : undefined;
};
