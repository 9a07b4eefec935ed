// Whose key it is, what is attached to whom, and that the memory of both ends with every commit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountId } from '../../src/domain/ids.ts';
import type { Principal } from '../../src/domain/principal.ts';
import type { EntityType, RamRole, RamUser } from '../../src/domain/ram.ts';
import type { SqliteStore } from '../../src/store/sqlite/open.ts';
import { actor, scope, temporaryStore } from './sample.ts';

const { accountId } = scope;
const OTHER = '1999999999999999' as AccountId;

const user = (userName: string, userId: string): RamUser => ({
  accountId,
  userId,
  userName,
  displayName: '',
  mobilePhone: '',
  email: '',
  comments: '',
  creationMs: 1,
  updateMs: 1,
});
const role = (roleName: string, roleId: string): RamRole => ({
  accountId,
  roleId,
  roleName,
  description: '',
  assumeRolePolicyDocument: '{}',
  maxSessionSeconds: 3600,
  creationMs: 1,
  updateMs: 1,
});
const key = (accessKeyId: string, userId?: string) => ({
  accessKeyId,
  accountId,
  sealedSecret: 's',
  status: 'Active' as const,
  creationMs: 1,
  ...(userId === undefined ? {} : { userId }),
});
const ANN: Principal = { kind: 'user', userName: 'ann', userId: '200000000000000001' };
const CI: Principal = {
  kind: 'role',
  roleName: 'ci',
  roleId: '300000000000000001',
  sessionName: 's',
};

const attach = (
  store: SqliteStore,
  entityType: EntityType,
  entityId: string,
  policyName: string,
  policyType: 'System' | 'Custom' = 'Custom',
) =>
  store.write(actor, (tx) =>
    tx.insertAttachment({ accountId, entityType, entityId, policyType, policyName, attachMs: 1 }),
  );

const seeded = async (store: SqliteStore): Promise<void> => {
  await store.write(actor, async (tx) => {
    for (const [id, isOperator] of [
      [accountId, true],
      [OTHER, false],
    ] as const)
      await tx.insertAccount({ accountId: id, accountName: id, isOperator, creationMs: 1 });
    await tx.insertRamUser(user('ann', '200000000000000001'));
    await tx.insertRamRole(role('ci', '300000000000000001'));
    await tx.insertAccessKey(key('ROOT'));
    await tx.insertAccessKey(key('ANN', '200000000000000001'));
    await tx.insertAccessKey(key('NOBODY', '200000000000000009'));
    const policy = { accountId, policyName: 'one', description: '', creationMs: 1, updateMs: 1 };
    await tx.insertRamPolicy({ ...policy, defaultVersion: 2, nextVersion: 3 });
    for (const version of [1, 2])
      await tx.insertRamPolicyVersion({
        accountId,
        policyName: 'one',
        version,
        policyDocument: `v${version}`,
        creationMs: 1,
      });
  });
};

test('a key belongs to root or to a user, and one whose user is gone is never root', async (t) => {
  const store = temporaryStore(t);
  await seeded(store);
  const principal = (id: string) => store.read(async (tx) => (await tx.credentials(id))?.principal);
  assert.deepEqual(await principal('ROOT'), { kind: 'root' });
  assert.deepEqual(await principal('ANN'), ANN);
  assert.equal((await principal('NOBODY'))?.kind, 'user');
  const ids = (userId?: string) =>
    store.read(async (tx) =>
      (await tx.accessKeys(accountId, userId)).map(({ accessKeyId }) => accessKeyId),
    );
  assert.deepEqual(await ids(), ['ROOT']);
  assert.deepEqual(await ids('200000000000000001'), ['ANN']);
  await store.write(actor, (tx) =>
    tx.updateRamUser({ ...user('anna', '200000000000000001'), updateMs: 2 }),
  );
  assert.deepEqual(await principal('ANN'), { ...ANN, userName: 'anna' });
});

test('the policies of a principal are those attached to it, in the text of the default version', async (t) => {
  const store = temporaryStore(t);
  await seeded(store);
  const of = (principal: Principal, account = accountId) =>
    store.read((tx) => tx.policiesOf(account, principal));
  assert.deepEqual(await of(ANN), []);
  assert.equal(await attach(store, 'user', ANN.userId, 'one'), true);
  assert.equal(await attach(store, 'user', ANN.userId, 'one'), false);
  await attach(store, 'user', ANN.userId, 'AdministratorAccess', 'System');
  await attach(store, 'role', CI.roleId, 'one');
  const one = (policyDocument: string) => ({
    policyType: 'Custom',
    policyName: 'one',
    policyDocument,
  });
  assert.deepEqual(await of(ANN), [
    one('v2'),
    { policyType: 'System', policyName: 'AdministratorAccess' },
  ]);
  assert.deepEqual(await of(CI), [one('v2')]);
  assert.deepEqual(await of({ kind: 'root' }), []);
  assert.deepEqual(await of(ANN, OTHER), [], 'attachments belong to their account');

  const policy = { accountId, policyName: 'one', description: '', creationMs: 1, updateMs: 2 };
  await store.write(actor, (tx) =>
    tx.updateRamPolicy({ ...policy, defaultVersion: 1, nextVersion: 3 }),
  );
  assert.deepEqual(await of(CI), [one('v1')]);
  await store.write(actor, (tx) =>
    tx.deleteAttachment({
      accountId,
      entityId: CI.roleId,
      policyType: 'Custom',
      policyName: 'one',
    }),
  );
  assert.deepEqual(await of(CI), []);
});

test('the role of a session is asked for by name at every call', async (t) => {
  const store = temporaryStore(t);
  await seeded(store);
  const found = () => store.read((tx) => tx.sessionRole(accountId, 'ci'));
  assert.deepEqual(await found(), { roleId: CI.roleId, isOperator: true });
  await store.write(actor, async (tx) => {
    await tx.deleteRamRole(accountId, CI.roleId);
    await tx.insertRamRole(role('ci', '300000000000000002'));
  });
  assert.equal((await found())?.roleId, '300000000000000002');
  await store.write(actor, (tx) => tx.deleteRamRole(accountId, '300000000000000002'));
  assert.equal(await found(), undefined);
});
