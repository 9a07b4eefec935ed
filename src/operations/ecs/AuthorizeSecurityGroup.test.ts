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
import { AuthorizeSecurityGroup } from './AuthorizeSecurityGroup.ts';

const words = ruleWords('Source');

testOperation(
  AuthorizeSecurityGroup,
  {
    ...ruleCases('Source'),
    'MissingParameter.Source': withRule('Source', { SourceCidrIp: '' }),
    'InvalidSourceGroupId.NotFound': withRule('Source', {
      SourceCidrIp: '',
      SourceGroupId: 'sg-bp1unknown',
    }),
    'InvalidParam.Permissions': withRule('Source', numbered(words)),
    'InvalidGroupParameter.OperationDenied': async (t) => {
      const { VpcId } = await t.k.call('CreateVpc', { RegionId: REGION });
      t.k.clock.advance(1_000);
      const SecurityGroupId = await newGroup(t.k, { VpcId, SecurityGroupType: 'enterprise' });
      const SourceGroupId = await newGroup(t.k, { VpcId });
      const rule = { ...words, SourceCidrIp: '', SourceGroupId };
      return t.call({ RegionId: REGION, SecurityGroupId, ...rule });
    },
    'InvalidParamter.Conflict': async (t) => {
      const SecurityGroupId = await newGroup(t.k);
      const rule = { ...words, SourceCidrIp: '', SourceGroupId: SecurityGroupId };
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
      await t.k.call('AuthorizeSecurityGroup', { ...call, ...hundred(1) });
      await t.k.call('AuthorizeSecurityGroup', { ...call, ...hundred(101) });
      return t.call({ ...call, ...words, PortRange: '443/443' });
    },
  },
  { isShared: true },
);

const call = 'AuthorizeSecurityGroup';

test('rules in both forms, and what is answered of them', async (t) => {
  const k = await kindred(t);
  const SecurityGroupId = await newGroup(k);
  const about = { RegionId: REGION, SecurityGroupId };
  await k.call(call, { ...about, ...words, Policy: 'DROP', Priority: '7', Description: 'shell' });
  await k.call(call, {
    ...about,
    ...numbered({ IpProtocol: 'ICMP', PortRange: '-1/-1', SourceCidrIp: '0.0.0.0/0' }, 1),
    ...numbered({ IpProtocol: 'all', PortRange: '-1/-1', Ipv6SourceCidrIp: '::/0' }, 2),
  });
  const [all, icmp, ssh] = await rulesOf(k, SecurityGroupId);
  const { SecurityGroupRuleId, CreateTime, ...rest } = ssh;
  assert.match(SecurityGroupRuleId, /^sgr-bp1[0-9a-z]{17}$/);
  assert.match(CreateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''));
  assert.deepEqual(set, {
    Direction: 'ingress',
    IpProtocol: 'TCP',
    PortRange: '22/22',
    NicType: 'internet',
    Policy: 'Drop',
    Priority: '7',
    Description: 'shell',
    SourceCidrIp: '10.0.0.0/8',
  });
  assert.deepEqual([icmp.IpProtocol, icmp.Policy, icmp.Priority], ['ICMP', 'Accept', '1']);
  assert.deepEqual([all.IpProtocol, all.Ipv6SourceCidrIp], ['ALL', '::/0']);
});

test('a rule that is there is not added again; another priority is another rule', async (t) => {
  const k = await kindred(t);
  const SecurityGroupId = await newGroup(k);
  const rule = { RegionId: REGION, SecurityGroupId, ...words };
  await k.call(call, rule);
  const before = k.stateHash();
  await k.call(call, { ...rule, Description: 'the same' });
  assert.equal(k.stateHash(), before);
  await k.call(call, { ...rule, Priority: '2' });
  assert.deepEqual(
    (await rulesOf(k, SecurityGroupId)).map(({ Priority }) => Priority),
    ['2', '1'],
  );
});

test('a rule may name a group of the caller, which then cannot be deleted', async (t) => {
  const k = await kindred(t);
  const SourceGroupId = await newGroup(k);
  const SecurityGroupId = await newGroup(k);
  const rule = {
    RegionId: REGION,
    SecurityGroupId,
    IpProtocol: 'all',
    PortRange: '-1/-1',
    SourceGroupId,
    SourceGroupOwnerAccount: 'me@example.com',
  };
  const stranger = await k.newAccount();
  const foreign = await k.refused(call, { ...rule, SourceGroupOwnerId: stranger.accountId });
  assert.equal(foreign.code, 'InvalidSourceGroupId.NotFound');
  await k.call(call, { ...rule, SourceGroupOwnerId: k.accountId });
  const [seen] = await rulesOf(k, SecurityGroupId);
  assert.deepEqual(
    [seen.SourceGroupId, seen.SourceGroupOwnerAccount, seen.NicType, seen.DestGroupId],
    [SourceGroupId, 'me@example.com', 'intranet', ''],
  );
  const kept = { RegionId: REGION, SecurityGroupId: SourceGroupId };
  assert.equal((await k.refused('DeleteSecurityGroup', kept)).code, 'DependencyViolation');
  // The block of addresses is stronger than a group beside it.
  await k.call(call, { ...rule, SourceCidrIp: '10.1.0.0/16' });
  const [, mine] = (await rulesOf(k, SecurityGroupId)).toReversed();
  assert.deepEqual([mine.SourceCidrIp, mine.SourceGroupId], ['10.1.0.0/16', '']);
});

test('in a VPC every rule is intranet, whatever Packer sends', async (t) => {
  const k = await kindred(t);
  const { VpcId } = await k.call('CreateVpc', { RegionId: REGION });
  k.clock.advance(1_000);
  const SecurityGroupId = await newGroup(k, { VpcId });
  await k.call(call, { RegionId: REGION, SecurityGroupId, ...words, NicType: 'internet' });
  assert.equal((await rulesOf(k, SecurityGroupId))[0].NicType, 'intranet');
});
