// Users with policies, made by rows: for tests of what they may, whatever the RAM API does.
import type { Harness } from './harness.ts';
import { trust } from './ram.ts';
import type { KeyPair } from '../server/first-account.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Tx } from '../domain/tx.ts';

export interface TestUser extends KeyPair {
  accountId: AccountId;
  userId: string;
  /** Replaces what the user may; undefined takes everything away. */
  may(...statements: readonly object[]): Promise<void>;
}

let count = 0;

const write = (k: Harness, run: (tx: Tx) => Promise<void>): Promise<void> =>
  k.store.write({ principal: 'test', requestId: 'test', nowMs: k.clock.wallMs() }, run);

export const allow = (Action: unknown = '*', Resource: unknown = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
export const deny = (Action: unknown = '*', Resource: unknown = '*', more: object = {}) => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
});

/** A user of the account with a key, and a custom policy of these statements. */
export const newUser = async (
  k: Harness,
  statements: readonly object[] = [],
  accountId: AccountId = k.accountId,
): Promise<TestUser> => {
  count += 1;
  const name = `user-${count}`;
  const userId = String(200_000_000_000_000_000n + BigInt(count));
  const key = { accessKeyId: `LTAIuser${count}`, accessKeySecret: `secret-of-user-${count}` };
  const nowMs = k.clock.wallMs();
  await write(k, async (tx) => {
    await tx.insertRamUser({
      accountId,
      userId,
      userName: name,
      displayName: '',
      mobilePhone: '',
      email: '',
      comments: '',
      creationMs: nowMs,
      updateMs: nowMs,
    });
    await tx.insertAccessKey({
      accessKeyId: key.accessKeyId,
      accountId,
      sealedSecret: k.kindred.house.secrets.seal(key.accessKeySecret),
      status: 'Active',
      creationMs: nowMs,
      userId,
    });
  });
  let version = 0;
  const policyOf = (next: number) => ({
    accountId,
    policyName: name,
    description: '',
    defaultVersion: next,
    nextVersion: next + 1,
    creationMs: nowMs,
    updateMs: nowMs,
  });
  const may = async (...given: readonly object[]): Promise<void> => {
    const attachment = {
      accountId,
      entityType: 'user',
      entityId: userId,
      policyType: 'Custom',
      policyName: name,
      attachMs: nowMs,
    } as const;
    if (given.length === 0) {
      await write(k, async (tx) => void (await tx.deleteAttachment(attachment)));
      return;
    }
    const policyDocument = JSON.stringify({ Version: '1', Statement: given });
    version += 1;
    const next = version;
    await write(k, async (tx) => {
      if (next === 1) await tx.insertRamPolicy(policyOf(next));
      await tx.insertRamPolicyVersion({
        accountId,
        policyName: name,
        version: next,
        policyDocument,
        creationMs: nowMs,
      });
      await tx.updateRamPolicy(policyOf(next));
      await tx.insertAttachment(attachment);
    });
  };
  if (statements.length > 0) await may(...statements);
  return { ...key, accountId, userId, may };
};

export const setKeyStatus = (
  k: Harness,
  { accountId, accessKeyId }: TestUser,
  status: 'Active' | 'Inactive',
) => write(k, async (tx) => void (await tx.setAccessKeyStatus(accountId, accessKeyId, status)));

/** The session of a new role, by default one that may do everything, for an hour from now. */
export const newSession = async (
  k: Harness,
  { isAdmin = true, sessionPolicy = '', endMs = k.clock.wallMs() + 3_600_000 } = {},
): Promise<KeyPair & { securityToken: string }> => {
  count += 1;
  const RoleName = `role-${count}`;
  const { Role } = await k.call('CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: trust({ RAM: [`acs:ram::${k.accountId}:root`] }),
  });
  if (isAdmin)
    await k.call('AttachPolicyToRole', {
      RoleName,
      PolicyName: 'AdministratorAccess',
      PolicyType: 'System',
    });
  const { installation } = k.kindred.house;
  const key = installation.newTemporaryKeyPair();
  const securityToken = installation.sealSession({
    ...key,
    accountId: k.accountId,
    roleName: RoleName,
    roleId: Role.RoleId,
    sessionName: 'matrix',
    endMs,
    ...(sessionPolicy !== '' && { sessionPolicy }),
  });
  return { ...key, securityToken };
};
