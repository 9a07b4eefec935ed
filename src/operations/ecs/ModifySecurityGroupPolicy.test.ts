import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { newGroup } from '../../testing/security-groups.ts';
import { ModifySecurityGroupPolicy } from './ModifySecurityGroupPolicy.ts';

const change = (parameters: Parameters) => async (t: Case) =>
  t.call({
    RegionId: REGION,
    SecurityGroupId: await newGroup(t.k),
    InnerAccessPolicy: 'Drop',
    ...parameters,
  });

testOperation(
  ModifySecurityGroupPolicy,
  {
    MissingParameter: change({ InnerAccessPolicy: '' }),
    InvalidParameter: change({ ClientToken: 'x'.repeat(65) }),
    IdempotentParameterMismatch: async (t) => {
      const SecurityGroupId = await newGroup(t.k);
      const call = { RegionId: REGION, SecurityGroupId, ClientToken: 'once' };
      await t.k.call('ModifySecurityGroupPolicy', { ...call, InnerAccessPolicy: 'Drop' });
      return t.call({ ...call, InnerAccessPolicy: 'Accept' });
    },
    'InvalidPolicy.Malformed': change({ InnerAccessPolicy: 'perhaps' }),
    'InvalidRegionId.NotFound': change({ RegionId: 'cn-nowhere' }),
    'InvalidSecurityGroupId.NotFound': change({ SecurityGroupId: 'sg-bp1unknown' }),
    'InvalidParameter.InnerAccessPolicy': async (t) => {
      const { VpcId } = await t.k.call('CreateVpc', { RegionId: REGION });
      t.k.clock.advance(1_000);
      const SecurityGroupId = await newGroup(t.k, { VpcId, SecurityGroupType: 'enterprise' });
      return t.call({ RegionId: REGION, SecurityGroupId, InnerAccessPolicy: 'Accept' });
    },
  },
  { isShared: true },
);

test('the policy is Accept at first, and in any case of letters', async (t) => {
  const k = await kindred(t);
  const SecurityGroupId = await newGroup(k);
  const about = { RegionId: REGION, SecurityGroupId };
  const policy = async () =>
    (await k.call('DescribeSecurityGroupAttribute', about)).InnerAccessPolicy;
  assert.equal(await policy(), 'Accept');
  await k.call('ModifySecurityGroupPolicy', { ...about, InnerAccessPolicy: 'drop' });
  assert.equal(await policy(), 'Drop');
  await k.call('ModifySecurityGroupPolicy', { ...about, InnerAccessPolicy: 'ACCEPT' });
  assert.equal(await policy(), 'Accept');
});
