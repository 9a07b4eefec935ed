// Every operation of the registry against everybody who may call it. The rows are the registry itself, so
// that a new operation is in here before anybody thinks of it; the calls are the examples of the docs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arnOf } from '../domain/policy/thing.ts';
import type { Operation } from '../operation.ts';
import { operations } from '../operations/index.ts';
import { allow, deny, newSession, newUser, setKeyStatus } from '../testing/access.ts';
import {
  CallError,
  kindred,
  type CallOptions,
  type Harness,
  type Parameters,
} from '../testing/harness.ts';
import { decode } from '../wire/decode.ts';
import { thingsOf } from './ask.ts';

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
type Expected =
  | 'passes'
  | 'ImplicitDeny'
  | 'ExplicitDeny'
  | 'NoPermission'
  | 'Inactive'
  | 'Expired';

/** Temporary credentials have a token too. */
type Key = NonNullable<CallOptions['as']>;

/** What decides by itself after the policies, with the same code: a role's trust policy. */
const DECIDES_TOO: ReadonlySet<string> = new Set(['AssumeRole']);

const call = async (k: Harness, { name, operation }: Row, as: Key): Promise<Answer> => {
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

const seenAs = ({ code, status, denial }: Answer, { action }: Operation): string => {
  if (status >= 500) return `${status} ${code}`;
  if (code === 'InvalidAccessKeyId.Inactive') return 'Inactive';
  if (code === 'InvalidSecurityToken.Expired') return 'Expired';
  if (denial !== undefined) return `${status} ${denial}`.replace(/^403 /, '');
  if (code === 'Forbidden.RAM') return 'Forbidden.RAM without a reason';
  return code === 'NoPermission' && !DECIDES_TOO.has(action) ? 'NoPermission' : 'passes';
};

/** A user whose policies end in `outcome`: of what is for root alone they are not even asked. */
const user =
  (outcome: Expected, { isStranger = false } = {}) =>
  ({ access }: Operation): Expected => {
    if (access.operatorOnly && isStranger) return 'NoPermission';
    if (access.everybody || access.anonymous) return 'passes';
    return access.rootOnly ? 'NoPermission' : outcome;
  };

/** The key itself is refused, unless nobody looks at it. */
const byKey =
  (outcome: Expected) =>
  ({ access }: Operation): Expected =>
    access.anonymous ? 'passes' : outcome;

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
  const refused: [who: string, key: Key, expected: (operation: Operation) => Expected][] = [
    ['user with no policy', await newUser(k), user('ImplicitDeny')],
    [
      'user allowed elsewhere',
      await newUser(k, [allow('*', 'acs:*:*:*:none/none')]),
      user('ImplicitDeny'),
    ],
    ['denied user', await newUser(k, [allow(), deny()]), user('ExplicitDeny')],
    ['inactive key', inactive, byKey('Inactive')],
    [
      'session of a role with no policy',
      await newSession(k, { isAdmin: false }),
      user('ImplicitDeny'),
    ],
    [
      'session whose own policy allows nothing here',
      await newSession(k, {
        sessionPolicy: JSON.stringify({ Version: '1', Statement: [allow('no:Action')] }),
      }),
      user('ImplicitDeny'),
    ],
    ['expired token', await newSession(k, { endMs: k.clock.wallMs() }), byKey('Expired')],
  ];
  const allowed = await newUser(k);
  const admin = await newUser(k, [allow()]);
  const session = await newSession(k);
  const strangersAdmin = await newUser(k, [allow()], elsewhere);
  const wrong: string[] = [];
  const check = async (row: Row, who: string, key: Key, expected: Expected) => {
    const seen = seenAs(await call(k, row, key), row.operation);
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
    await check(row, 'role session', session, user('passes')(row.operation));
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
  const unsigned = rows.filter(({ operation }) => operation.access.anonymous !== undefined);
  assert.deepEqual(
    unsigned.map(({ name }) => name),
    ['AssumeRoleWithOIDC'],
  );
});
