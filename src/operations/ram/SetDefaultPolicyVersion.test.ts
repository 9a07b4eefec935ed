import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { allow, makePolicy, makeUser } from '../../testing/ram.ts';
import { SetDefaultPolicyVersion } from './SetDefaultPolicyVersion.ts';

testOperation(
  SetDefaultPolicyVersion,
  {
    MissingParameter: (t) => t.call({ PolicyName: 'p' }),
    'InvalidParameter.VersionId.Format': (t) => t.call({ PolicyName: 'p', VersionId: 'v0' }),
    'EntityNotExist.Policy': (t) => t.call({ PolicyName: 'AdministratorAccess', VersionId: 'v1' }),
    'EntityNotExist.Policy.Version': async (t) => {
      await makePolicy(t.k, 'p');
      return t.call({ PolicyName: 'p', VersionId: 'v2' });
    },
  },
  { isShared: true },
);

test('the chosen version is what is in force for whom the policy is attached to', async (t) => {
  const k = await kindred(t);
  await makePolicy(k, 'p', allow('ecs:A'));
  const { UserId: userId } = await makeUser(k);
  await k.call('AttachPolicyToUser', { UserName: 'ann', PolicyName: 'p', PolicyType: 'Custom' });
  await k.call('CreatePolicyVersion', { PolicyName: 'p', PolicyDocument: allow('ecs:B') });
  const ann = { kind: 'user', userName: 'ann', userId } as const;
  const inForce = async () =>
    (await k.store.read((tx) => tx.policiesOf(k.accountId, ann)))[0]?.policyDocument;
  assert.equal(await inForce(), allow('ecs:A'));
  await k.call('SetDefaultPolicyVersion', { PolicyName: 'p', VersionId: 'v2' });
  assert.equal(await inForce(), allow('ecs:B'));
});
