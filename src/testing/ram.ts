// Users, roles and policies for tests.
import type { KeyPair } from '../server/first-account.ts';
import type { CallOptions, Harness } from './harness.ts';

/** Allows one action on everything. */
export const allow = (Action: string | readonly string[], Resource = '*'): string =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource }] });

/** Lets the principals assume a role. */
export const trust = (Principal: object, Condition?: object): string =>
  JSON.stringify({
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...(Condition && { Condition }) },
    ],
  });

export const makeUser = async (k: Harness, UserName = 'ann', options?: CallOptions) =>
  (await k.call('CreateUser', { UserName }, options)).User;

export const makeGroup = async (k: Harness, GroupName = 'ann', options?: CallOptions) =>
  (await k.call('CreateGroup', { GroupName }, options)).Group;

export const makeUserKey = async (k: Harness, UserName = 'ann'): Promise<KeyPair> => {
  const { AccessKey } = await k.call('RamCreateAccessKey', { UserName });
  return { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
};

export const makePolicy = async (
  k: Harness,
  PolicyName = 'read-web',
  PolicyDocument = allow('ecs:DescribeImageFromFamily'),
) => (await k.call('CreatePolicy', { PolicyName, PolicyDocument })).Policy;

export const makeRole = async (
  k: Harness,
  RoleName = 'reader',
  AssumeRolePolicyDocument = trust({ RAM: [`acs:ram::${k.accountId}:root`] }),
) => (await k.call('CreateRole', { RoleName, AssumeRolePolicyDocument })).Role;

/** Keeps what a loop of inserts would make, past the API. */
export const insertMany = async (
  k: Harness,
  kind: 'user' | 'group' | 'role' | 'policy',
  count: number,
): Promise<void> => {
  const { accountId } = k;
  const nowMs = k.clock.wallMs();
  const times = { accountId, creationMs: nowMs, updateMs: nowMs };
  await k.store.write({ principal: 'test', requestId: 'test', nowMs }, async (tx) => {
    for (let i = 0; i < count; i += 1) {
      const name = `filler-${i}`;
      const id = String(2e17 + i * 1000);
      if (kind === 'user')
        await tx.insertRamUser({
          ...times,
          userName: name,
          userId: id,
          displayName: '',
          mobilePhone: '',
          email: '',
          comments: '',
        });
      else if (kind === 'group')
        await tx.insertRamGroup({ ...times, groupName: name, groupId: `g-${i}`, comments: '' });
      else if (kind === 'role')
        await tx.insertRamRole({
          ...times,
          roleName: name,
          roleId: id,
          description: '',
          assumeRolePolicyDocument: trust({ RAM: ['*'] }),
          maxSessionSeconds: 3600,
        });
      else
        await tx.insertRamPolicy({
          ...times,
          policyName: name,
          description: '',
          defaultVersion: 1,
          nextVersion: 2,
        });
    }
  });
};
