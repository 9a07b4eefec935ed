import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSeconds } from '../../lib/clock.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser } from '../../testing/ram.ts';
import { ListPoliciesForUser } from './ListPoliciesForUser.ts';

testOperation(
  ListPoliciesForUser,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.User': (t) => t.call({ UserName: 'nobody' }),
  },
  { isShared: true },
);

test('each policy comes with its description and the date of its attachment', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const { Policies: none } = await k.call('ListPoliciesForUser', { UserName: 'ann' });
  assert.deepEqual(none, { Policy: [] });
  await k.call('AttachPolicyToUser', {
    UserName: 'ann',
    PolicyName: 'AdministratorAccess',
    PolicyType: 'System',
  });
  const { Policies } = await k.call('ListPoliciesForUser', { UserName: 'ann' });
  const [policy] = Policies.Policy;
  assert.equal(policy.Description, 'Everything in the account.');
  assert.equal(policy.DefaultVersion, 'v1');
  assert.equal(policy.AttachDate, formatSeconds(k.clock.wallMs()));
});
