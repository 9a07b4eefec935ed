// Every operation of the registry against everybody who may call it. The rows are the registry itself, so
// that a new operation is in here before anybody thinks of it; the calls are the examples of the docs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arnOf } from '../domain/policy/thing.ts';
import type { Operation } from '../operation.ts';
import { operations } from '../operations/index.ts';
import { allow, deny, newUser, setKeyStatus } from '../testing/access.ts';
import { CallError, kindred, type Harness, type Parameters } from '../testing/harness.ts';
import { decode } from '../wire/decode.ts';
import { thingsOf } from './ask.ts';
import type { KeyPair } from './first-account.ts';

interface Row {
  name: string;
  operation: Operation;
}

interface Answer {
  code: string;
  status: number;
  /** `NoPermissionType` of a denial by policy. */
  denial: string | undefined;
}

/** What an answer has to be: any but a denial, or a denial of this kind. */
type Expected = 'passes' | 'ImplicitDeny' | 'ExplicitDeny' | 'NoPermission' | 'Inactive';

const call = async (k: Harness, { name, operation }: Row, as: KeyPair): Promise<Answer> => {
  try {
    await k.call(name, operation.example.request as Parameters, { as });
    return { code: 'OK', status: 200, denial: undefined };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const { AccessDeniedDetail: detail } = JSON.parse(error.body) as {
      AccessDeniedDetail?: { NoPermissionType: string; AuthAction: string };
    };
    if (detail !== undefined) assert.equal(detail.AuthAction, operation.access.action);
    return { code: error.code, status: error.status, denial: detail?.NoPermissionType };
  }
};

const seenAs = ({ code, status, denial }: Answer): string => {
  if (status >= 500) return `${status} ${code}`;
  if (code === 'InvalidAccessKeyId.Inactive') return 'Inactive';
  if (denial !== undefined) return `${status} ${denial}`.replace(/^403 /, '');
  if (code === 'Forbidden.RAM') return 'Forbidden.RAM without a reason';
  return code === 'NoPermission' ? 'NoPermission' : 'passes';
};

/** A user whose policies end in `outcome`: of what is for root alone they are not even asked. */
const user =
  (outcome: Expected, { isStranger = false } = {}) =>
  ({ access }: Operation): Expected => {
    if (access.operatorOnly && isStranger) return 'NoPermission';
    if (access.everybody) return 'passes';
    return access.rootOnly ? 'NoPermission' : outcome;
  };

const strangerRoot = ({ access }: Operation): Expected =>
  access.operatorOnly ? 'NoPermission' : 'passes';

const rowsOf = (): Promise<Row[]> =>
  Promise.all(operations.map(async ({ name, load }) => ({ name, operation: await load() })));

/** The ARNs that a policy has to name for the example's call. */
const arnsOf = (k: Harness, { operation }: Row): string[] => {
  const given = new Map(Object.entries(operation.example.request as Parameters));
  const input = decode(operation.input, given).value as Record<string, unknown>;
  return thingsOf(operation, input, k.kindred.house.settings.regions).map(
    ({ resource, regionId = '' }) =>
      arnOf(operation.access.action, { regionId, accountId: k.accountId, resource }),
  );
};

test('who may call what: every operation × everybody', async (t) => {
  const k = await kindred(t);
  const rows = await rowsOf();
  assert.equal(rows.length, operations.length);
  const stranger = await k.newAccount();
  const elsewhere = stranger.accountId as typeof k.accountId;
  const inactive = await newUser(k, [allow()]);
  await setKeyStatus(k, inactive, 'Inactive');
  const refused: [who: string, key: KeyPair, expected: (operation: Operation) => Expected][] = [
    ['user with no policy', await newUser(k), user('ImplicitDeny')],
    [
      'user allowed elsewhere',
      await newUser(k, [allow('*', 'acs:*:*:*:none/none')]),
      user('ImplicitDeny'),
    ],
    ['denied user', await newUser(k, [allow(), deny()]), user('ExplicitDeny')],
    ['inactive key', inactive, () => 'Inactive'],
  ];
  const allowed = await newUser(k);
  const admin = await newUser(k, [allow()]);
  const strangersAdmin = await newUser(k, [allow()], elsewhere);
  const wrong: string[] = [];
  const check = async (row: Row, who: string, key: KeyPair, expected: Expected) => {
    const seen = seenAs(await call(k, row, key));
    if (seen !== expected) wrong.push(`${row.name} as ${who}: ${seen}, expected ${expected}`);
  };
  const before = k.stateHash();
  const silent = rows.filter(({ operation }) => !operation.access.everybody);
  for (const row of silent)
    for (const [who, key, expected] of refused) await check(row, who, key, expected(row.operation));
  assert.equal(k.stateHash(), before, 'a refused call changed the state');
  for (const row of rows) {
    await allowed.may(allow(row.operation.access.action, arnsOf(k, row)));
    await check(row, 'allowed user', allowed, user('passes')(row.operation));
    await check(row, 'administrator', admin, user('passes')(row.operation));
    await check(
      row,
      'administrator of another account',
      strangersAdmin,
      user('passes', { isStranger: true })(row.operation),
    );
    await check(row, 'root of another account', stranger, strangerRoot(row.operation));
    await check(row, 'root', k.rootKey, 'passes');
  }
  assert.deepEqual(wrong, []);
});

test('an operation that cannot be refused says so, and those are few', async () => {
  const rows = await rowsOf();
  const open = rows.filter(({ operation }) => operation.access.everybody).map(({ name }) => name);
  assert.deepEqual(open, ['GetCallerIdentity']);
});
