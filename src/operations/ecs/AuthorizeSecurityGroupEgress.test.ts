import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import {
  newGroup,
  numbered,
  ruleCases,
  rulesOf,
  ruleWords,
  withRule,
} from '../../testing/security-groups.ts';
import { AuthorizeSecurityGroupEgress } from './AuthorizeSecurityGroupEgress.ts';

const words = ruleWords('Dest');

testOperation(
  AuthorizeSecurityGroupEgress,
  {
    ...ruleCases('Dest'),
    'MissingParameter.Dest': withRule('Dest', { DestCidrIp: '' }),
    'InvalidDestGroupId.NotFound': withRule('Dest', {
      DestCidrIp: '',
      DestGroupId: 'sg-bp1unknown',
    }),
    'InvalidParam.Permissions': withRule('Dest', numbered(words)),
    'InvalidGroupParameter.OperationDenied': async (t) => {
      const { VpcId } = await t.k.call('CreateVpc', { RegionId: REGION });
      t.k.clock.advance(1_000);
      const SecurityGroupId = await newGroup(t.k, { VpcId, SecurityGroupType: 'enterprise' });
      const DestGroupId = await newGroup(t.k, { VpcId });
      const rule = { ...words, DestCidrIp: '', DestGroupId };
      return t.call({ RegionId: REGION, SecurityGroupId, ...rule });
    },
    'InvalidParamter.Conflict': async (t) => {
      const SecurityGroupId = await newGroup(t.k);
      const rule = { ...words, DestCidrIp: '', DestGroupId: SecurityGroupId };
      return t.call({ RegionId: REGION, SecurityGroupId, ...rule });
    },
    AuthorizationLimitExceed: async (t) => {
      const SecurityGroupId = await newGroup(t.k);
      const call = { RegionId: REGION, SecurityGroupId };
      const hundred = (first: number) =>
        Object.assign(
          {},
          ...Array.from({ length: 100 }, (_, i) =>
            numbered({ ...words, PortRange: `${first + i}/${first + i}` }, i + 1),
          ),
        ) as Record<string, string>;
      await t.k.call('AuthorizeSecurityGroupEgress', { ...call, ...hundred(1) });
      await t.k.call('AuthorizeSecurityGroupEgress', { ...call, ...hundred(101) });
      return t.call({ ...call, ...words, PortRange: '443/443' });
    },
  },
  { isShared: true },
);

test('rules for the way out stand beside those for the way in', async (t) => {
  const k = await kindred(t);
  const SecurityGroupId = await newGroup(k);
  const about = { RegionId: REGION, SecurityGroupId };
  await k.call('AuthorizeSecurityGroup', { ...about, ...ruleWords('Source') });
  await k.call('AuthorizeSecurityGroupEgress', { ...about, ...words });
  const DestGroupId = await newGroup(k);
  const rule = { IpProtocol: 'udp', PortRange: '53/53', DestGroupId };
  await k.call('AuthorizeSecurityGroupEgress', { ...about, ...numbered(rule) });
  const rules = await rulesOf(k, SecurityGroupId);
  assert.deepEqual(
    rules.map((one) => [one.Direction, one.SourceCidrIp, one.DestCidrIp, one.DestGroupId]),
    [
      ['egress', '', '', DestGroupId],
      ['egress', '', '10.0.0.0/8', ''],
      ['ingress', '10.0.0.0/8', '', ''],
    ],
  );
});
