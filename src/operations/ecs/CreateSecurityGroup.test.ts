import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { newGroup } from '../../testing/security-groups.ts';
import { CreateSecurityGroup } from './CreateSecurityGroup.ts';

const make = (parameters: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...parameters });

testOperation(
  CreateSecurityGroup,
  {
    MissingParameter: (t) => t.call({ SecurityGroupName: 'builders' }),
    InvalidParameter: make({ ClientToken: 'x'.repeat(65) }),
    IdempotentParameterMismatch: async (t) => {
      await newGroup(t.k, { ClientToken: 'once', SecurityGroupName: 'first' });
      return t.call({ RegionId: REGION, ClientToken: 'once', SecurityGroupName: 'second' });
    },
    'InvalidSecurityGroupName.Malformed': make({ SecurityGroupName: '1st' }),
    'InvalidSecurityGroupDiscription.Malformed': make({ Description: 'https://example.com' }),
    'InvalidParams.GroupType': make({ SecurityGroupType: 'great' }),
    'InvalidParams.VpcIdGroupType': make({ SecurityGroupType: 'enterprise' }),
    IncorrectVpcStatus: async (t) => {
      const { VpcId } = await t.k.call('CreateVpc', { RegionId: REGION });
      return t.call({ RegionId: REGION, VpcId });
    },
    InvalidTagCount: make(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidTagKey.Malformed': make({ 'Tag.1.Key': 'aliyun' }),
    'InvalidTagValue.Malformed': make({ 'Tag.1.Key': 'a', 'Tag.1.Value': 'http://x.test' }),
    'Duplicate.TagKey': make({ 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }),
    'QuotaExceed.SecurityGroup': async (t) => {
      for (let i = 0; i < 3; i++) await newGroup(t.k, { RegionId: 'cn-beijing' });
      return t.call({ RegionId: 'cn-beijing' });
    },
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
    'InvalidVpcId.NotFound': make({ VpcId: 'vpc-bp1unknown' }),
    'InvalidResourceGroup.NotFound': make({ ResourceGroupId: 'my group' }),
  },
  { isShared: true, kindred: { quotas: { networkRecords: 3 } } },
);

test('a group has a name, a VPC, tags and no rules; a retry makes no second one', async (t) => {
  const k = await kindred(t);
  const { VpcId } = await k.call('CreateVpc', { RegionId: REGION });
  k.clock.advance(1_000);
  const call = {
    RegionId: REGION,
    SecurityGroupName: 'builders',
    Description: 'of images',
    VpcId,
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'ci',
    ClientToken: 'once',
  };
  const SecurityGroupId = await newGroup(k, call);
  assert.match(SecurityGroupId, /^sg-bp1[0-9a-z]{17}$/);
  assert.equal(await newGroup(k, call), SecurityGroupId);
  const { SecurityGroups, TotalCount } = await k.call('DescribeSecurityGroups', {
    RegionId: REGION,
  });
  assert.equal(TotalCount, 1);
  const [{ CreationTime: _, ...group }] = SecurityGroups.SecurityGroup;
  assert.deepEqual(group, {
    SecurityGroupId,
    SecurityGroupName: 'builders',
    SecurityGroupType: 'normal',
    Description: 'of images',
    VpcId,
    ResourceGroupId: '',
    RuleCount: 0,
    GroupToGroupRuleCount: 0,
    EcsCount: 0,
    AvailableInstanceAmount: 0,
    ServiceManaged: false,
    ServiceID: 0,
    Tags: { Tag: [{ TagKey: 'env', TagValue: 'ci' }] },
  });
});
