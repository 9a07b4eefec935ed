import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSeconds } from '../../lib/clock.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup } from '../../testing/ram.ts';
import { ListPoliciesForGroup } from './ListPoliciesForGroup.ts';

testOperation(
  ListPoliciesForGroup,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.Group': (t) => t.call({ GroupName: 'nobody' }),
  },
  { isShared: true },
);

test('each policy comes with its description and the date of its attachment', async (t) => {
  const k = await kindred(t);
  await makeGroup(k);
  const { Policies: none } = await k.call('ListPoliciesForGroup', { GroupName: 'ann' });
  assert.deepEqual(none, { Policy: [] });
  await k.call('AttachPolicyToGroup', {
    GroupName: 'ann',
    PolicyName: 'AdministratorAccess',
    PolicyType: 'System',
  });
  const { Policies } = await k.call('ListPoliciesForGroup', { GroupName: 'ann' });
  const [policy] = Policies.Policy;
  assert.equal(policy.Description, 'Everything in the account.');
  assert.equal(policy.DefaultVersion, 'v1');
  assert.equal(policy.AttachDate, formatSeconds(k.clock.wallMs()));
});
