import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { newGroup, ruleWords } from '../../testing/security-groups.ts';
import { DescribeSecurityGroupAttribute } from './DescribeSecurityGroupAttribute.ts';

const look = (parameters: Parameters) => async (t: Case) =>
  t.call({ RegionId: REGION, SecurityGroupId: await newGroup(t.k), ...parameters });

testOperation(
  DescribeSecurityGroupAttribute,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: look({ NextToken: 'of-another-query' }),
    'InvalidRegionId.NotFound': look({ RegionId: 'cn-nowhere' }),
    'InvalidSecurityGroupId.NotFound': look({ SecurityGroupId: 'sg-bp1unknown' }),
  },
  { isShared: true },
);

test('rules by direction, by network card, and in pages', async (t) => {
  const k = await kindred(t);
  const about = { RegionId: REGION, SecurityGroupId: await newGroup(k) };
  const add = (egress: string, PortRange: string, NicType: string) =>
    k.call(`AuthorizeSecurityGroup${egress}`, {
      ...about,
      ...ruleWords(egress === '' ? 'Source' : 'Dest'),
      PortRange,
      NicType,
    });
  await add('', '1/1', 'internet');
  await add('', '2/2', 'intranet');
  await add('Egress', '3/3', 'internet');
  const see = (parameters: Parameters = {}) =>
    k.call('DescribeSecurityGroupAttribute', { ...about, ...parameters });
  const ports = async (parameters: Parameters) =>
    (await see(parameters)).Permissions.Permission.map((rule: { PortRange: string }) =>
      rule.PortRange.slice(0, 1),
    ).join('');
  assert.equal(await ports({}), '321');
  assert.equal(await ports({ Direction: 'all' }), '321');
  assert.equal(await ports({ Direction: 'ingress' }), '21');
  assert.equal(await ports({ Direction: 'egress' }), '3');
  assert.equal(await ports({ NicType: 'intranet' }), '2');
  assert.equal(await ports({ NicType: '<nil>' }), '321', 'what Terraform sends for none');
  assert.equal(await ports({ MaxResults: '2' }), '32');
  const { NextToken } = await see({ MaxResults: '2' });
  assert.equal(await ports({ MaxResults: '2', NextToken }), '1');
  const last = await see({ MaxResults: '2', NextToken });
  assert.equal(last.NextToken, '');
  assert.deepEqual(last.SnapshotPolicyIds, { SnapshotPolicyId: [] });
  const other = { NextToken, Direction: 'egress' };
  assert.equal(
    (await k.refused('DescribeSecurityGroupAttribute', { ...about, ...other })).status,
    400,
  );
});

test('another account does not see the group', async (t) => {
  const k = await kindred(t);
  const stranger = await k.newAccount();
  const about = { RegionId: REGION, SecurityGroupId: await newGroup(k) };
  const error = await k.refused('DescribeSecurityGroupAttribute', about, { as: stranger });
  assert.equal(error.code, 'InvalidSecurityGroupId.NotFound');
  const list = await k.call('DescribeSecurityGroups', { RegionId: REGION }, { as: stranger });
  assert.equal(list.TotalCount, 0);
});
