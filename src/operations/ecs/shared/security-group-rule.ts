// Rules of security groups on the wire. The vendor takes one rule as flat parameters or several as
// `Permissions.N`, and the same words with Source and Dest exchanged for the way out. The rules of what
// may stand in a rule are here once, for authorising, revoking and changing.
import type { Direction, RuleWords, SecurityGroup } from '../../../domain/security-group.ts';
import { isDescription } from '../../../domain/naming.ts';
import { isIpv4Source, isIpv6Source } from '../../../lib/cidr.ts';
import { integer, object, optional, string, type Static } from '../../../lib/schema.ts';
import type { CallContext } from '../../../operation.ts';

const text = (description: string, invalid: string, maxLength = 128) =>
  optional(string({ description, invalid, maxLength }));

const common = {
  IpProtocol: text(
    'tcp, udp, icmp, icmpv6, gre or all, in any case.',
    'InvalidIpProtocol.ValueNotSupported',
  ),
  PortRange: text(
    'tcp and udp: `first/last`, 1 to 65535; every other protocol: `-1/-1`.',
    'InvalidIpPortRange.Malformed',
  ),
  SourcePortRange: text('As PortRange; absent: any.', 'InvalidSourcePortRange.Malformed'),
  NicType: text(
    'internet (default) or intranet, in the classic network. In a VPC every rule is intranet, whatever is sent.',
    'InvalidNicType.ValueNotSupported',
  ),
  Policy: text('accept (default) or drop, in any case.', 'InvalidPolicy.Malformed'),
  Priority: optional(
    integer({
      description: '1, the strongest and the default, to 100.',
      minimum: 1,
      maximum: 100,
      invalid: 'InvalidPriority.ValueNotSupported',
    }),
  ),
  Description: text(
    '2 to 256 characters, not http://… or https://….',
    'InvalidSecurityGroupDiscription.Malformed',
    256,
  ),
  SourceCidrIp: text('IPv4 address or block.', 'InvalidSourceCidrIp.Malformed'),
  DestCidrIp: text('IPv4 address or block.', 'InvalidDestCidrIp.Malformed'),
  Ipv6SourceCidrIp: text('IPv6 address or block.', 'InvalidParam.Ipv6SourceCidrIp'),
  Ipv6DestCidrIp: text('IPv6 address or block.', 'InvalidParam.Ipv6DestCidrIp'),
  PortRangeListId: text(
    'Refused: there are no port lists here.',
    'InvalidPortRangeListId.NotFound',
  ),
};

const peer = <D extends 'Source' | 'Dest'>(side: D) => {
  const owner = 'a group of another account is not found.';
  const group = text('A security group of the caller.', `Invalid${side}GroupId.NotFound`);
  const ownerId = optional(
    integer({ description: `UID of the group's owner; ${owner}`, invalid: 'InvalidParameter' }),
  );
  const ownerAccount = text(
    `Login name of the group's owner, kept as sent; ${owner}`,
    'InvalidParameter',
  );
  const prefixList = text(
    'Refused: there are no prefix lists here.',
    'InvalidPrefixListId.NotFound',
  );
  return { group, ownerId, ownerAccount, prefixList };
};

const source = peer('Source');
const dest = peer('Dest');

/** The words of one rule, without a prefix or within `Permissions.N`. */
export const ruleParameters = {
  ingress: {
    ...common,
    SourceGroupId: source.group,
    SourceGroupOwnerId: source.ownerId,
    SourceGroupOwnerAccount: source.ownerAccount,
    SourcePrefixListId: source.prefixList,
  },
  egress: {
    ...common,
    DestGroupId: dest.group,
    DestGroupOwnerId: dest.ownerId,
    DestGroupOwnerAccount: dest.ownerAccount,
    DestPrefixListId: dest.prefixList,
  },
};

const anyRule = object({ ...ruleParameters.ingress, ...ruleParameters.egress });
/** One rule as it was sent, for either direction. */
export type SentRule = Static<typeof anyRule>;

/** What may be wrong with one rule → status. */
export const RULE_ERRORS = {
  'InvalidIpProtocol.ValueNotSupported': 400,
  'InvalidIpPortRange.Malformed': 400,
  'InvalidSourcePortRange.Malformed': 400,
  'InvalidNicType.ValueNotSupported': 400,
  'InvalidPolicy.Malformed': 400,
  'InvalidPriority.ValueNotSupported': 400,
  'InvalidSecurityGroupDiscription.Malformed': 400,
  'InvalidSourceCidrIp.Malformed': 400,
  'InvalidDestCidrIp.Malformed': 400,
  'InvalidParam.Ipv6SourceCidrIp': 400,
  'InvalidParam.Ipv6DestCidrIp': 400,
  'InvalidParam.SourceIp': 400,
  'InvalidParam.DestIp': 400,
  'InvalidPortRangeListId.NotFound': 400,
  'InvalidNicType.Mismatch': 403,
  'InvalidPrefixListId.NotFound': 404,
} as const;

/** …and with the other side, which has names of its own in each direction. */
export const PEER_ERRORS = {
  ingress: { 'MissingParameter.Source': 400, 'InvalidSourceGroupId.NotFound': 404 },
  egress: { 'MissingParameter.Dest': 400, 'InvalidDestGroupId.NotFound': 404 },
} as const;

export type RuleFault =
  | keyof typeof RULE_ERRORS
  | keyof (typeof PEER_ERRORS)['ingress']
  | keyof (typeof PEER_ERRORS)['egress'];

type Faults = Pick<CallContext<RuleFault>, 'fail' | 'caller'>;

const PROTOCOL = /^(tcp|udp|icmp|icmpv6|gre|all)$/i;
const ALL_PORTS = '-1/-1';

const isPortRange = (ipProtocol: string, range: string): boolean => {
  if (!/^(TCP|UDP)$/.test(ipProtocol)) return range === ALL_PORTS;
  const [first = 0, last = 0] = /^(\d{1,5})\/(\d{1,5})$/.exec(range)?.slice(1).map(Number) ?? [];
  return first >= 1 && first <= last && last <= 65_535;
};

const choice = <Value extends string>(
  sent: string | undefined,
  values: readonly Value[],
): Value | undefined => values.find((value) => value.toLowerCase() === sent?.toLowerCase());

const checkAddresses = (ctx: Faults, sent: SentRule): void => {
  const fault = (code: RuleFault) => ctx.fail(code);
  const { SourceCidrIp, DestCidrIp, Ipv6SourceCidrIp, Ipv6DestCidrIp } = sent;
  if (SourceCidrIp !== undefined && !isIpv4Source(SourceCidrIp))
    throw fault('InvalidSourceCidrIp.Malformed');
  if (DestCidrIp !== undefined && !isIpv4Source(DestCidrIp))
    throw fault('InvalidDestCidrIp.Malformed');
  if (Ipv6SourceCidrIp !== undefined && !isIpv6Source(Ipv6SourceCidrIp))
    throw fault('InvalidParam.Ipv6SourceCidrIp');
  if (Ipv6DestCidrIp !== undefined && !isIpv6Source(Ipv6DestCidrIp))
    throw fault('InvalidParam.Ipv6DestCidrIp');
  if (SourceCidrIp !== undefined && Ipv6SourceCidrIp !== undefined)
    throw fault('InvalidParam.SourceIp');
  if (DestCidrIp !== undefined && Ipv6DestCidrIp !== undefined) throw fault('InvalidParam.DestIp');
  if (sent.PortRangeListId !== undefined) throw fault('InvalidPortRangeListId.NotFound');
  if (sent.SourcePrefixListId !== undefined || sent.DestPrefixListId !== undefined)
    throw fault('InvalidPrefixListId.NotFound');
};

/** The other side: a block of addresses, which is stronger than a group beside it, or a group. */
const peerOf = (ctx: Faults, sent: SentRule, direction: Direction) => {
  const isIngress = direction === 'ingress';
  const groupId = isIngress ? sent.SourceGroupId : sent.DestGroupId;
  const ownerId = isIngress ? sent.SourceGroupOwnerId : sent.DestGroupOwnerId;
  const ownerAccount = isIngress ? sent.SourceGroupOwnerAccount : sent.DestGroupOwnerAccount;
  const cidr = isIngress
    ? (sent.SourceCidrIp ?? sent.Ipv6SourceCidrIp)
    : (sent.DestCidrIp ?? sent.Ipv6DestCidrIp);
  if (cidr !== undefined) return { peerGroupId: '', peerOwnerAccount: '' };
  if (groupId === undefined)
    throw ctx.fail(isIngress ? 'MissingParameter.Source' : 'MissingParameter.Dest');
  if (ownerId !== undefined && String(ownerId) !== ctx.caller.accountId)
    throw ctx.fail(isIngress ? 'InvalidSourceGroupId.NotFound' : 'InvalidDestGroupId.NotFound');
  return { peerGroupId: groupId, peerOwnerAccount: ownerAccount ?? '' };
};

const nicTypeOf = (
  ctx: Faults,
  { NicType }: SentRule,
  { parentId: vpcId }: SecurityGroup,
  peerGroupId: string,
): RuleWords['nicType'] => {
  const nicType = choice(NicType, ['internet', 'intranet']);
  if (NicType !== undefined && nicType === undefined)
    throw ctx.fail('InvalidNicType.ValueNotSupported');
  if (vpcId !== '') return 'intranet';
  if (peerGroupId === '') return nicType ?? 'internet';
  if (nicType === 'internet') throw ctx.fail('InvalidNicType.Mismatch');
  return 'intranet';
};

/** The rule that was sent; a priority that was not is left to the caller. */
export const readRule = (
  ctx: Faults,
  sent: SentRule,
  direction: Direction,
  group: SecurityGroup,
): Omit<RuleWords, 'priority'> & { priority: number | undefined } => {
  if (!PROTOCOL.test(sent.IpProtocol ?? '')) throw ctx.fail('InvalidIpProtocol.ValueNotSupported');
  const ipProtocol = sent.IpProtocol!.toUpperCase();
  if (!isPortRange(ipProtocol, sent.PortRange ?? ''))
    throw ctx.fail('InvalidIpPortRange.Malformed');
  if (sent.SourcePortRange !== undefined && !isPortRange(ipProtocol, sent.SourcePortRange))
    throw ctx.fail('InvalidSourcePortRange.Malformed');
  const policy = choice(sent.Policy ?? 'Accept', ['Accept', 'Drop']);
  if (policy === undefined) throw ctx.fail('InvalidPolicy.Malformed');
  if (sent.Description !== undefined && !isDescription(sent.Description))
    throw ctx.fail('InvalidSecurityGroupDiscription.Malformed');
  checkAddresses(ctx, sent);
  const { peerGroupId, peerOwnerAccount } = peerOf(ctx, sent, direction);
  return {
    direction,
    ipProtocol,
    portRange: sent.PortRange!,
    sourcePortRange: sent.SourcePortRange ?? '',
    nicType: nicTypeOf(ctx, sent, group, peerGroupId),
    policy,
    priority: sent.Priority,
    description: sent.Description ?? '',
    sourceCidrIp: sent.SourceCidrIp ?? '',
    destCidrIp: sent.DestCidrIp ?? '',
    ipv6SourceCidrIp: sent.Ipv6SourceCidrIp ?? '',
    ipv6DestCidrIp: sent.Ipv6DestCidrIp ?? '',
    peerGroupId,
    peerOwnerAccount,
  };
};
