import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { allow, makePolicy } from '../../testing/ram.ts';
import { GetPolicyVersion } from './GetPolicyVersion.ts';

testOperation(
  GetPolicyVersion,
  {
    MissingParameter: (t) => t.call({ PolicyName: 'p', PolicyType: 'Custom' }),
    'InvalidParameter.PolicyType': (t) =>
      t.call({ PolicyName: 'p', PolicyType: 'Own', VersionId: 'v1' }),
    'InvalidParameter.VersionId.Format': (t) =>
      t.call({ PolicyName: 'p', PolicyType: 'Custom', VersionId: '1' }),
    'EntityNotExist.Policy': (t) =>
      t.call({ PolicyName: 'p', PolicyType: 'Custom', VersionId: 'v1' }),
    'EntityNotExist.Policy.Version': (t) =>
      t.call({ PolicyName: 'AdministratorAccess', PolicyType: 'System', VersionId: 'v2' }),
  },
  { isShared: true },
);

test('each version has its own document', async (t) => {
  const k = await kindred(t);
  await makePolicy(k, 'p', allow('ecs:A'));
  await k.call('CreatePolicyVersion', { PolicyName: 'p', PolicyDocument: allow('ecs:B') });
  for (const [VersionId, action, inForce] of [
    ['v1', 'ecs:A', true],
    ['v2', 'ecs:B', false],
  ] as const) {
    const one = { PolicyName: 'p', PolicyType: 'Custom', VersionId };
    const { PolicyVersion } = await k.call('GetPolicyVersion', one);
    assert.equal(PolicyVersion.PolicyDocument, allow(action));
    assert.equal(PolicyVersion.IsDefaultVersion, inForce);
  }
});
