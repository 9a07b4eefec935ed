// What the tests of security groups have in common: a group, a rule in the words of either direction,
// and a call for each fault that a rule can have.
import { REGION, type Harness, type Parameters } from './harness.ts';
import type { Case } from './operation-tests.ts';

export const newGroup = async (k: Harness, parameters: Parameters = {}): Promise<string> =>
  (await k.call('CreateSecurityGroup', { RegionId: REGION, ...parameters })).SecurityGroupId;

/** A rule for SSH in the flat form. */
export const ruleWords = (side: 'Source' | 'Dest'): Record<string, string> => ({
  IpProtocol: 'tcp',
  PortRange: '22/22',
  [`${side}CidrIp`]: '10.0.0.0/8',
});

/** Under `Permissions.N`. */
export const numbered = (words: Parameters, n = 1): Parameters =>
  Object.fromEntries(
    Object.entries(words).map(([name, word]) => [`Permissions.${n}.${name}`, word]),
  );

// oxlint-disable-next-line typescript/no-explicit-any -- parsed answers
export const rulesOf = async (k: Harness, SecurityGroupId: string): Promise<any[]> =>
  (await k.call('DescribeSecurityGroupAttribute', { RegionId: REGION, SecurityGroupId }))
    .Permissions.Permission;

/** Calls the operation on a new group, with the words of a good rule and then `words`. */
export const withRule =
  (side: 'Source' | 'Dest', words: Parameters) =>
  async (t: Case): Promise<unknown> =>
    t.call({
      RegionId: REGION,
      SecurityGroupId: await newGroup(t.k),
      ...ruleWords(side),
      ...words,
    });

/** The faults of a rule and of the group that all operations on rules have. */
export const ruleCases = (side: 'Source' | 'Dest') => ({
  MissingParameter: (t: Case) => t.call({ RegionId: REGION, ...ruleWords(side) }),
  InvalidParameter: withRule(side, { ClientToken: 'x'.repeat(65) }),
  IdempotentParameterMismatch: async (t: Case) => {
    const { action, parameters } = await onceDone(t, side);
    await t.k.call(action, parameters);
    return t.call({ ...parameters, Description: 'another wish' });
  },
  'InvalidRegionId.NotFound': withRule(side, { RegionId: 'cn-nowhere' }),
  'InvalidSecurityGroupId.NotFound': withRule(side, { SecurityGroupId: 'sg-bp1unknown' }),
  'InvalidIpProtocol.ValueNotSupported': withRule(side, { IpProtocol: 'sctp' }),
  'InvalidIpPortRange.Malformed': withRule(side, { PortRange: '-1/-1' }),
  'InvalidSourcePortRange.Malformed': withRule(side, { SourcePortRange: '9/1' }),
  'InvalidNicType.ValueNotSupported': withRule(side, { NicType: 'wifi' }),
  'InvalidPolicy.Malformed': withRule(side, { Policy: 'perhaps' }),
  'InvalidPriority.ValueNotSupported': withRule(side, { Priority: '101' }),
  'InvalidSecurityGroupDiscription.Malformed': withRule(side, { Description: 'http://x.test' }),
  'InvalidSourceCidrIp.Malformed': withRule(side, { SourceCidrIp: '10.0.0.0/33' }),
  'InvalidDestCidrIp.Malformed': withRule(side, { DestCidrIp: '10.0.0.256' }),
  'InvalidParam.Ipv6SourceCidrIp': withRule(side, { Ipv6SourceCidrIp: '10.0.0.1' }),
  'InvalidParam.Ipv6DestCidrIp': withRule(side, { Ipv6DestCidrIp: '::/129' }),
  'InvalidParam.SourceIp': withRule(side, { SourceCidrIp: '10.0.0.1', Ipv6SourceCidrIp: '::1' }),
  'InvalidParam.DestIp': withRule(side, { DestCidrIp: '10.0.0.1', Ipv6DestCidrIp: '::1' }),
  'InvalidPortRangeListId.NotFound': withRule(side, { PortRangeListId: 'prl-1' }),
  'InvalidPrefixListId.NotFound': withRule(side, { [`${side}PrefixListId`]: 'pl-1' }),
  'InvalidNicType.Mismatch': withRule(side, {
    [`${side}CidrIp`]: '',
    [`${side}GroupId`]: 'sg-bp1other',
    NicType: 'internet',
  }),
});

/** A call that succeeds for whichever operation is under test, with a token. */
const onceDone = async (t: Case, side: 'Source' | 'Dest') => {
  const SecurityGroupId = await newGroup(t.k);
  const parameters = { RegionId: REGION, SecurityGroupId, ...ruleWords(side) };
  const egress = side === 'Dest' ? 'Egress' : '';
  await t.k.call(`AuthorizeSecurityGroup${egress}`, parameters);
  return { action: t.name, parameters: { ...parameters, ClientToken: SecurityGroupId } };
};
