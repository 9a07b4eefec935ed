import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeRole, trust } from '../../testing/ram.ts';
import { UpdateRole } from './UpdateRole.ts';

testOperation(
  UpdateRole,
  {
    MissingParameter: (t) => t.call({ NewDescription: 'x' }),
    'InvalidParameter.NewDescription.Length': (t) =>
      t.call({ RoleName: 'r', NewDescription: 'x'.repeat(1025) }),
    'InvalidParameter.MaxSessionDuration': (t) =>
      t.call({ RoleName: 'r', NewMaxSessionDuration: '3599' }),
    MalformedPolicyDocument: async (t) => {
      await makeRole(t.k);
      return t.call({ RoleName: 'reader', NewAssumeRolePolicyDocument: '{}' });
    },
    'EntityNotExist.Role': (t) => t.call({ RoleName: 'nobody' }),
  },
  { isShared: true },
);

test('what is left out stays', async (t) => {
  const k = await kindred(t);
  const role = await makeRole(k);
  const document = trust({ Service: ['ecs.aliyuncs.com'] });
  await k.call('UpdateRole', { RoleName: 'reader', NewMaxSessionDuration: '7200' });
  await k.call('UpdateRole', { RoleName: 'reader', NewDescription: 'new' });
  const { Role } = await k.call('UpdateRole', {
    RoleName: 'reader',
    NewAssumeRolePolicyDocument: document,
  });
  assert.deepEqual(Role, {
    ...role,
    MaxSessionDuration: 7200,
    Description: 'new',
    AssumeRolePolicyDocument: document,
  });
});

test('an empty description takes it away; an empty trust policy means that it stays', async (t) => {
  const k = await kindred(t);
  const role = await makeRole(k);
  await k.call('UpdateRole', { RoleName: 'reader', NewDescription: 'new' });
  const { Role } = await k.call('UpdateRole', {
    RoleName: 'reader',
    NewDescription: '',
    NewAssumeRolePolicyDocument: '',
  });
  assert.equal(Role.Description, '');
  assert.equal(Role.AssumeRolePolicyDocument, role.AssumeRolePolicyDocument);
});
