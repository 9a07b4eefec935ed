import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSeconds } from '../../lib/clock.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeRole } from '../../testing/ram.ts';
import { ListPoliciesForRole } from './ListPoliciesForRole.ts';

testOperation(
  ListPoliciesForRole,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.Role': (t) => t.call({ RoleName: 'nobody' }),
  },
  { isShared: true },
);

test('each policy comes with its description and the date of its attachment', async (t) => {
  const k = await kindred(t);
  await makeRole(k);
  const { Policies: none } = await k.call('ListPoliciesForRole', { RoleName: 'reader' });
  assert.deepEqual(none, { Policy: [] });
  await k.call('AttachPolicyToRole', {
    RoleName: 'reader',
    PolicyName: 'AdministratorAccess',
    PolicyType: 'System',
  });
  const { Policies } = await k.call('ListPoliciesForRole', { RoleName: 'reader' });
  const [policy] = Policies.Policy;
  assert.equal(policy.Description, 'Everything in the account.');
  assert.equal(policy.DefaultVersion, 'v1');
  assert.equal(policy.AttachDate, formatSeconds(k.clock.wallMs()));
});
