import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_RAM_POLICIES } from '../../domain/ram.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { allow, insertMany, makePolicy } from '../../testing/ram.ts';
import { CreatePolicy } from './CreatePolicy.ts';

testOperation(
  CreatePolicy,
  {
    MissingParameter: (t) => t.call({ PolicyName: 'p' }),
    'InvalidParameter.PolicyName.InvalidChars': (t) =>
      t.call({ PolicyName: 'a b', PolicyDocument: allow('*') }),
    'InvalidParameter.PolicyName.Length': (t) =>
      t.call({ PolicyName: 'x'.repeat(129), PolicyDocument: allow('*') }),
    'InvalidParameter.Description.Length': (t) =>
      t.call({ PolicyName: 'p', PolicyDocument: allow('*'), Description: 'x'.repeat(1025) }),
    'InvalidParameter.Tag': (t) =>
      t.call({
        PolicyName: 'p',
        PolicyDocument: allow('*'),
        Tag: '[{"Key":"acs:no","Value":"v"}]',
      }),
    MalformedPolicyDocument: (t) => t.call({ PolicyName: 'p', PolicyDocument: '{}' }),
    'EntityAlreadyExists.Policy': async (t) => {
      await makePolicy(t.k, 'taken');
      return t.call({ PolicyName: 'taken', PolicyDocument: allow('*') });
    },
    'LimitExceeded.Policy': async (t) => {
      await insertMany(t.k, 'policy', MAX_RAM_POLICIES);
      return t.call({ PolicyName: 'one-more', PolicyDocument: allow('*') });
    },
  },
  { isShared: true },
);

test('the first version of a policy is in force, and its text comes back as it was', async (t) => {
  const k = await kindred(t);
  const PolicyDocument = `  ${allow(['ecs:Describe*', 'ecs:List*'])}\n`;
  const made = await k.call('CreatePolicy', {
    PolicyName: 'look',
    PolicyDocument,
    Description: 'Looks',
    Tag: '[{"Key":"team","Value":"images"}]',
  });
  assert.equal(made.Policy.DefaultVersion, 'v1');
  const { Policy, DefaultPolicyVersion } = await k.call('GetPolicy', {
    PolicyName: 'look',
    PolicyType: 'Custom',
  });
  assert.equal(DefaultPolicyVersion.PolicyDocument, PolicyDocument);
  assert.equal(Policy.PolicyDocument, PolicyDocument);
  assert.equal(Policy.Description, 'Looks');
  const { TagResources } = await k.call('RamListTagResources', { ResourceType: 'policy' });
  assert.equal(TagResources[0].ResourceName, 'look');
});

test('the author is told which part of a document is wrong', async (t) => {
  const k = await kindred(t);
  const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Perhaps"}]}';
  const { message } = await k.refused('CreatePolicy', { PolicyName: 'p', PolicyDocument });
  assert.match(message, /Effect must be "Allow" or "Deny"/);
});
