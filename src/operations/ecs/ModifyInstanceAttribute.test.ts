import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import {
  describeInstance,
  putResource,
  runInstance,
  SMALL_CATALOGUE,
} from '../../testing/records.ts';
import { ModifyInstanceAttribute } from './ModifyInstanceAttribute.ts';

const modify = (values: Readonly<Record<string, string>>) => async (t: Case) =>
  t.call({ InstanceId: await runInstance(t.k), ...values });

testOperation(
  ModifyInstanceAttribute,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: modify({ CreditSpecification: 'Endless' }),
    'InvalidParameter.Mismatch': async (t) => {
      await putResource(t.k, 'securitygroup', 'sg-vpc', { parentId: 'vpc-1' });
      return modify({ 'SecurityGroupIds.1': 'sg-vpc' })(t);
    },
    'InvalidInstanceName.Malformed': modify({ InstanceName: '1st' }),
    'InvalidDescription.Malformed': modify({ Description: 'http://example.com' }),
    'InvalidHostName.Malformed': modify({ HostName: '-web' }),
    'InvalidPassword.Malformed': modify({ Password: 'alllowercase' }),
    'InvalidUserData.SizeExceeded': modify({ UserData: 'A'.repeat(44_000) }),
    'InvalidInstanceId.NotFound': (t) => t.call({ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }),
    'InvalidRegionId.NotFound': modify({ RegionId: 'cn-nowhere' }),
    'InvalidSecurityGroupId.NotFound': modify({ 'SecurityGroupIds.1': 'sg-1' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('what is named changes and the rest stays', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k, { Description: 'the first', HostName: 'web' });
  await putResource(k, 'securitygroup', 'sg-1');
  await k.call('ModifyInstanceAttribute', {
    InstanceId,
    InstanceName: 'web-1',
    DeletionProtection: 'true',
    Password: 'Secret-123',
    'SecurityGroupIds.1': 'sg-1',
  });
  const instance = await describeInstance(k, InstanceId);
  assert.equal(instance.InstanceName, 'web-1');
  assert.equal(instance.DeletionProtection, true);
  assert.equal(instance.Description, 'the first');
  assert.equal(instance.HostName, 'web');
  assert.equal(instance.Status, 'Running');
  assert.deepEqual(instance.SecurityGroupIds.SecurityGroupId, ['sg-1']);
  assert.ok(!JSON.stringify(instance).includes('Secret'));
});
