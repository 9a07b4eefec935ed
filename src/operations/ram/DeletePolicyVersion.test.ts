import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { allow, makePolicy } from '../../testing/ram.ts';
import { DeletePolicyVersion } from './DeletePolicyVersion.ts';

testOperation(
  DeletePolicyVersion,
  {
    MissingParameter: (t) => t.call({ PolicyName: 'p' }),
    'InvalidParameter.VersionId.Format': (t) => t.call({ PolicyName: 'p', VersionId: 'v0' }),
    'EntityNotExist.Policy': (t) => t.call({ PolicyName: 'AdministratorAccess', VersionId: 'v1' }),
    'EntityNotExist.Policy.Version': async (t) => {
      await makePolicy(t.k, 'p');
      return t.call({ PolicyName: 'p', VersionId: 'v2' });
    },
    'DeleteConflict.Policy.Version.Default': async (t) => {
      await makePolicy(t.k, 'q');
      return t.call({ PolicyName: 'q', VersionId: 'v1' });
    },
  },
  { isShared: true },
);

test('the version is gone, and its number is not used again', async (t) => {
  const k = await kindred(t);
  await makePolicy(k);
  const one = { PolicyName: 'read-web' };
  const more = { ...one, PolicyDocument: allow('*') };
  await k.call('CreatePolicyVersion', more);
  await k.call('DeletePolicyVersion', { ...one, VersionId: 'v2' });
  const gone = { ...one, PolicyType: 'Custom', VersionId: 'v2' };
  assert.equal((await k.refused('GetPolicyVersion', gone)).code, 'EntityNotExist.Policy.Version');
  const { PolicyVersion } = await k.call('CreatePolicyVersion', more);
  assert.equal(PolicyVersion.VersionId, 'v3');
});
