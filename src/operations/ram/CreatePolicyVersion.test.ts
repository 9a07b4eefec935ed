import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_POLICY_VERSIONS } from '../../domain/ram.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { allow, makePolicy } from '../../testing/ram.ts';
import { CreatePolicyVersion } from './CreatePolicyVersion.ts';

testOperation(
  CreatePolicyVersion,
  {
    MissingParameter: (t) => t.call({ PolicyName: 'p' }),
    InvalidParameter: (t) =>
      t.call({ PolicyName: 'p', PolicyDocument: allow('*'), SetAsDefault: 'yes' }),
    'InvalidParameter.RotateStrategy': (t) =>
      t.call({ PolicyName: 'p', PolicyDocument: allow('*'), RotateStrategy: 'Some' }),
    MalformedPolicyDocument: async (t) => {
      await makePolicy(t.k, 'p');
      return t.call({ PolicyName: 'p', PolicyDocument: '[]' });
    },
    'EntityNotExist.Policy': (t) =>
      t.call({ PolicyName: 'AdministratorAccess', PolicyDocument: allow('*') }),
    'LimitExceeded.Policy.Version': async (t) => {
      await makePolicy(t.k, 'full');
      for (let i = 1; i < MAX_POLICY_VERSIONS; i += 1)
        await t.k.call('CreatePolicyVersion', { PolicyName: 'full', PolicyDocument: allow('*') });
      return t.call({ PolicyName: 'full', PolicyDocument: allow('*') });
    },
  },
  { isShared: true },
);

test('a new version comes into force when asked, and rotation drops the oldest that is not', async (t) => {
  const k = await kindred(t);
  await makePolicy(k);
  const one = { PolicyName: 'read-web', PolicyDocument: allow('*') };
  const { PolicyVersion } = await k.call('CreatePolicyVersion', one);
  assert.equal(PolicyVersion.VersionId, 'v2');
  assert.equal(PolicyVersion.IsDefaultVersion, false);
  await k.call('CreatePolicyVersion', { ...one, SetAsDefault: 'true' });
  for (let i = 0; i < 4; i += 1)
    await k.call('CreatePolicyVersion', {
      ...one,
      RotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
    });
  type Row = { VersionId: string; IsDefaultVersion: boolean };
  const { PolicyVersions } = await k.call('ListPolicyVersions', {
    PolicyName: 'read-web',
    PolicyType: 'Custom',
  });
  assert.deepEqual(
    PolicyVersions.PolicyVersion.map((row: Row) => [row.VersionId, row.IsDefaultVersion]),
    [
      ['v3', true],
      ['v4', false],
      ['v5', false],
      ['v6', false],
      ['v7', false],
    ],
  );
});
