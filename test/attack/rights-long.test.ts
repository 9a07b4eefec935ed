// Rights that end, and rights that somebody gives himself: a key that is switched off, a user that is
// deleted, a policy that is taken away are refused at the very next call; and what RAM allows a user to do
// with RAM is what its policies name, never more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, deny, newUser } from '../../src/testing/access.ts';
import {
  CallError,
  kindred,
  REGION,
  type CallOptions,
  type Harness,
  type Parameters,
} from '../../src/testing/harness.ts';
import {
  allow as document,
  makePolicy,
  makeRole,
  makeUser,
  makeUserKey,
  trust,
} from '../../src/testing/ram.ts';
import { attempt } from './attempts.ts';
import { v1, v3 } from './sign.ts';

type Key = NonNullable<CallOptions['as']>;

const outcome = async (k: Harness, as: Key, name: string, parameters: Parameters = {}) => {
  try {
    await k.call(name, parameters, { as });
    return 'OK';
  } catch (error) {
    if (error instanceof CallError) return error.code;
    throw error;
  }
};

/** Both ways to sign, right after one another. */
const codes = async (k: Harness, key: Key) => {
  const by = { key, nowMs: k.clock.wallMs() };
  return [(await attempt(k, v1(by))).code, (await attempt(k, v3(by))).code];
};

test('what is taken away is refused at the next call, however it is signed', async (t) => {
  const k = await kindred(t);
  const user = { UserName: 'ann' };
  await makeUser(k);
  const key = await makeUserKey(k);
  const second = await makeUserKey(k);
  await makePolicy(k);
  const attachment = { ...user, PolicyName: 'read-web', PolicyType: 'Custom' };
  const by = { UserAccessKeyId: key.accessKeyId, ...user };
  const both = (code: string) => [code, code];
  const steps: [name: string, parameters: Parameters, code: string][] = [
    ['AttachPolicyToUser', attachment, 'OK'],
    ['RamUpdateAccessKey', { ...by, Status: 'Inactive' }, 'InvalidAccessKeyId.Inactive'],
    ['RamUpdateAccessKey', { ...by, Status: 'Active' }, 'OK'],
    ['DetachPolicyFromUser', attachment, 'Forbidden.RAM'],
    ['AttachPolicyToUser', attachment, 'OK'],
    [
      'CreatePolicyVersion',
      {
        PolicyName: 'read-web',
        PolicyDocument: document('ecs:DescribeTasks'),
        SetAsDefault: 'true',
      },
      'Forbidden.RAM',
    ],
    ['SetDefaultPolicyVersion', { PolicyName: 'read-web', VersionId: 'v1' }, 'OK'],
    ['RamDeleteAccessKey', by, 'InvalidAccessKeyId.NotFound'],
  ];
  for (const [name, parameters, code] of steps) {
    await k.call(name, parameters);
    assert.deepEqual(await codes(k, key), both(code), `${name} ${JSON.stringify(parameters)}`);
  }
  assert.deepEqual(await codes(k, second), both('OK'));
  await k.call('DetachPolicyFromUser', attachment);
  await k.call('RamDeleteAccessKey', { ...user, UserAccessKeyId: second.accessKeyId });
  await k.call('DeleteUser', user);
  assert.deepEqual(await codes(k, second), both('InvalidAccessKeyId.NotFound'));
  // A user of the same name is another one: nothing of the former comes back.
  await makeUser(k);
  assert.deepEqual(await codes(k, second), both('InvalidAccessKeyId.NotFound'));
  assert.deepEqual(await codes(k, await makeUserKey(k)), both('Forbidden.RAM'));
});

test('calls that run while a key is switched off: each is whole, and none comes after', async (t) => {
  const k = await kindred(t);
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } =
    await k.call('CreateAccessKey');
  const key = { accessKeyId, accessKeySecret };
  const running = Array.from({ length: 50 }, () => outcome(k, key, 'CreateAccessKey'));
  await k.call('UpdateAccessKey', { UserAccessKeyId: accessKeyId, Status: 'Inactive' });
  const after = await Promise.all(
    Array.from({ length: 20 }, () => outcome(k, key, 'CreateAccessKey')),
  );
  assert.deepEqual(new Set(after), new Set(['InvalidAccessKeyId.Inactive']));
  const made = (await Promise.all(running)).filter((code) => code === 'OK').length;
  const { AccessKeys } = await k.call('DescribeAccessKeys', { PageSize: '100' });
  assert.equal(AccessKeys.AccessKey.length, 2 + made);
});

interface Gift {
  /** All that the user may. */
  statement: object;
  done: readonly (readonly [string, Parameters])[];
  refused: readonly (readonly [string, Parameters])[];
}

const attach = (UserName: string, PolicyName: string, PolicyType = 'Custom') =>
  ['AttachPolicyToUser', { UserName, PolicyName, PolicyType }] as const;

const giftsOf = (k: Harness): Gift[] => {
  const own = (name: string) => `acs:ram:*:${k.accountId}:${name}`;
  return [
    {
      statement: allow('ram:CreateAccessKey', own('user/ann')),
      done: [['RamCreateAccessKey', { UserName: 'ann' }]],
      refused: [
        ['RamCreateAccessKey', { UserName: 'bob' }],
        ['CreateAccessKey', {}],
        attach('ann', 'small'),
      ],
    },
    {
      statement: allow('ram:AttachPolicyToUser', own('user/ann')),
      done: [],
      refused: [
        attach('ann', 'small'),
        attach('ann', 'everything'),
        attach('ann', 'AdministratorAccess', 'System'),
      ],
    },
    {
      statement: allow('ram:AttachPolicyToUser', [own('user/ann'), own('policy/small')]),
      done: [
        ['AttachPolicyToUser', { UserName: 'ann', PolicyName: 'small', PolicyType: 'Custom' }],
      ],
      refused: [
        attach('ann', 'everything'),
        attach('ann', 'AdministratorAccess', 'System'),
        attach('bob', 'small'),
      ],
    },
    {
      // Every policy of the account's own, and so none of the vendor's.
      statement: allow('ram:*', own('*')),
      done: [
        ['DetachPolicyFromUser', { UserName: 'ann', PolicyName: 'small', PolicyType: 'Custom' }],
      ],
      refused: [
        attach('ann', 'AdministratorAccess', 'System'),
        ['CreateAccessKey', {}],
        ['CreateAccount', { AccountName: 'tenant-x' }],
      ],
    },
    {
      statement: allow('ram:CreatePolicyVersion', own('policy/small')),
      done: [
        [
          'CreatePolicyVersion',
          { PolicyName: 'small', PolicyDocument: document('ecs:*'), SetAsDefault: 'true' },
        ],
      ],
      refused: [
        ['CreatePolicyVersion', { PolicyName: 'everything', PolicyDocument: document('*') }],
        ['SetDefaultPolicyVersion', { PolicyName: 'small', VersionId: 'v1' }],
        ['DescribeImages', { RegionId: REGION }],
      ],
    },
  ];
};

test('nobody gives himself what no policy gives him', async (t) => {
  const k = await kindred(t);
  for (const name of ['ann', 'bob']) await makeUser(k, name);
  await makePolicy(k, 'small');
  await makePolicy(k, 'everything', document('*'));
  for (const { statement, done, refused } of giftsOf(k)) {
    const user = await newUser(k, [statement]);
    for (const [name, parameters] of refused)
      assert.match(
        await outcome(k, user, name, parameters),
        /^(NoPermission|Forbidden\.RAM)$/,
        `${JSON.stringify(statement)}: ${name} ${JSON.stringify(parameters)}`,
      );
    for (const [name, parameters] of done)
      assert.equal(
        await outcome(k, user, name, parameters),
        'OK',
        `${JSON.stringify(statement)}: ${name}`,
      );
  }
  // A Deny on the powerful policy holds, whatever else is allowed.
  const lieutenant = await newUser(k, [
    allow('ram:*'),
    deny('ram:Attach*', 'acs:ram:*:system:policy/AdministratorAccess'),
  ]);
  assert.match(
    await outcome(k, lieutenant, ...attach('bob', 'AdministratorAccess', 'System')),
    /^(NoPermission|Forbidden\.RAM)$/,
  );
  assert.equal(await outcome(k, lieutenant, ...attach('bob', 'small')), 'OK');
});

test('a chain of roles is no stronger than its weakest part', async (t) => {
  const k = await kindred(t);
  const arn = (name: string) => `acs:ram::${k.accountId}:role/${name}`;
  for (const name of ['first', 'second', 'closed']) await makeRole(k, name);
  await k.call('UpdateRole', {
    RoleName: 'closed',
    NewAssumeRolePolicyDocument: trust({ RAM: [`acs:ram::${k.accountId}:user/nobody`] }),
  });
  await makePolicy(k, 'assume', document('sts:AssumeRole'));
  await k.call('AttachPolicyToRole', {
    RoleName: 'first',
    PolicyName: 'assume',
    PolicyType: 'Custom',
  });
  await k.call('AttachPolicyToRole', {
    RoleName: 'second',
    PolicyName: 'AdministratorAccess',
    PolicyType: 'System',
  });
  const assume = async (as: Key, role: string, more: Parameters = {}) => {
    const { Credentials } = await k.call(
      'AssumeRole',
      { RoleArn: arn(role), RoleSessionName: 'link', ...more },
      { as },
    );
    return {
      accessKeyId: Credentials.AccessKeyId,
      accessKeySecret: Credentials.AccessKeySecret,
      securityToken: Credentials.SecurityToken,
    };
  };
  const user = await newUser(k, [allow('sts:AssumeRole', arn('first'))]);
  assert.equal(
    await outcome(k, user, 'AssumeRole', { RoleArn: arn('second'), RoleSessionName: 'link' }),
    'NoPermission',
  );
  const first = await assume(user, 'first');
  assert.equal(await outcome(k, first, 'DescribeImages', { RegionId: REGION }), 'Forbidden.RAM');
  assert.equal(
    await outcome(k, first, 'AssumeRole', { RoleArn: arn('closed'), RoleSessionName: 'link' }),
    'NoPermission',
  );
  // What the session itself was narrowed to is not won back by the next role.
  const narrow = await assume(user, 'first', { Policy: document('ecs:*') });
  assert.equal(
    await outcome(k, narrow, 'AssumeRole', { RoleArn: arn('second'), RoleSessionName: 'link' }),
    'NoPermission',
  );
  const second = await assume(first, 'second', { Policy: document('ecs:DescribeImages') });
  assert.equal(await outcome(k, second, 'DescribeImages', { RegionId: REGION }), 'OK');
  assert.match(
    await outcome(k, second, 'CreateUser', { UserName: 'eve' }),
    /^(NoPermission|Forbidden\.RAM)$/,
  );
  // The administrator's role is no root key.
  const admin = await assume(first, 'second');
  assert.equal(await outcome(k, admin, 'CreateUser', { UserName: 'eve' }), 'OK');
  assert.equal(await outcome(k, admin, 'CreateAccessKey'), 'NoPermission');
  await k.call('DetachPolicyFromRole', {
    RoleName: 'second',
    PolicyName: 'AdministratorAccess',
    PolicyType: 'System',
  });
  assert.equal(await outcome(k, second, 'DescribeImages', { RegionId: REGION }), 'Forbidden.RAM');
});
