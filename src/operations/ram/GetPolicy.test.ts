import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { GetPolicy } from './GetPolicy.ts';

testOperation(
  GetPolicy,
  {
    MissingParameter: (t) => t.call({ PolicyName: 'p' }),
    'InvalidParameter.PolicyType': (t) => t.call({ PolicyName: 'p', PolicyType: 'Own' }),
    'EntityNotExist.Policy': (t) => t.call({ PolicyName: 'nothing', PolicyType: 'Custom' }),
  },
  { isShared: true },
);

test('a system policy is there in every account, under its type alone', async (t) => {
  const k = await kindred(t);
  const PolicyName = 'AliyunECSReadOnlyAccess';
  const { Policy, DefaultPolicyVersion } = await k.call('GetPolicy', {
    PolicyName,
    PolicyType: 'System',
  });
  assert.equal(Policy.PolicyType, 'System');
  assert.equal(JSON.parse(DefaultPolicyVersion.PolicyDocument).Version, '1');
  assert.equal(
    (await k.refused('GetPolicy', { PolicyName, PolicyType: 'Custom' })).code,
    'EntityNotExist.Policy',
  );
});
