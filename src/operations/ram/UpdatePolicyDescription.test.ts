import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makePolicy } from '../../testing/ram.ts';
import { UpdatePolicyDescription } from './UpdatePolicyDescription.ts';

testOperation(
  UpdatePolicyDescription,
  {
    MissingParameter: (t) => t.call({ PolicyName: 'p' }),
    'InvalidParameter.NewDescription.Length': (t) =>
      t.call({ PolicyName: 'p', NewDescription: 'x'.repeat(1025) }),
    'EntityNotExist.Policy': (t) =>
      t.call({ PolicyName: 'AdministratorAccess', NewDescription: 'mine' }),
  },
  { isShared: true },
);

test('the description changes, the document stays', async (t) => {
  const k = await kindred(t);
  await makePolicy(k);
  const one = { PolicyName: 'read-web' };
  const { Policy } = await k.call('UpdatePolicyDescription', { ...one, NewDescription: 'new' });
  assert.equal(Policy.Description, 'new');
  assert.equal(
    (await k.call('GetPolicy', { ...one, PolicyType: 'Custom' })).Policy.DefaultVersion,
    'v1',
  );
});

test('an empty description takes it away', async (t) => {
  const k = await kindred(t);
  await makePolicy(k);
  const one = { PolicyName: 'read-web' };
  await k.call('UpdatePolicyDescription', { ...one, NewDescription: 'new' });
  const { Policy } = await k.call('UpdatePolicyDescription', { ...one, NewDescription: '' });
  assert.equal(Policy.Description, '');
});
