import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makePolicy, makeUser } from '../../testing/ram.ts';
import { ListPolicies } from './ListPolicies.ts';

testOperation(
  ListPolicies,
  {
    InvalidParameter: (t) => t.call({ Marker: 'x'.repeat(257) }),
    'InvalidParameter.PolicyType': (t) => t.call({ PolicyType: 'Own' }),
    'InvalidParameter.MaxItems': (t) => t.call({ MaxItems: '0' }),
    'InvalidParameter.Tag': (t) => t.call({ 'Tag.1.Value': 'v' }),
  },
  { isShared: true },
);

test('system policies come first, then custom ones, page by page, with what is attached', async (t) => {
  const k = await kindred(t);
  for (const name of ['b', 'a']) await makePolicy(k, name);
  await makeUser(k);
  await k.call('AttachPolicyToUser', { UserName: 'ann', PolicyName: 'a', PolicyType: 'Custom' });
  await k.call('RamTagResources', {
    ResourceType: 'policy',
    'ResourceNames.1': 'b',
    'Tag.1.Key': 'team',
    'Tag.1.Value': 'images',
  });
  type Row = { PolicyName: string; PolicyType: string; AttachmentCount: number };
  const list = async (parameters: Record<string, string> = {}) => {
    const answer = await k.call('ListPolicies', parameters);
    const rows = answer.Policies.Policy as Row[];
    return { names: rows.map(({ PolicyName }) => PolicyName), rows, ...answer };
  };
  const all = await list();
  assert.deepEqual(all.names.slice(-2), ['a', 'b']);
  assert.ok(all.names.includes('AdministratorAccess'));
  assert.equal(all.rows.at(-2)?.AttachmentCount, 1);
  const system = await list({ PolicyType: 'System' });
  assert.deepEqual([...system.names, 'a', 'b'], all.names);
  assert.deepEqual((await list({ PolicyType: 'Custom' })).names, ['a', 'b']);
  assert.deepEqual((await list({ 'Tag.1.Key': 'team' })).names, ['b']);
  assert.deepEqual((await list({ 'Tag.1.Key': 'team', 'Tag.1.Value': 'web' })).names, []);
  const collected: string[] = [];
  for (let Marker = ''; ;) {
    const page = await list({ MaxItems: '3', Marker });
    collected.push(...page.names);
    if (!page.IsTruncated) break;
    Marker = page.Marker;
  }
  assert.deepEqual(collected, all.names);
  const stranger = await k.newAccount();
  const theirs = await k.call('ListPolicies', { PolicyType: 'Custom' }, { as: stranger });
  assert.deepEqual(theirs.Policies.Policy, []);
});
