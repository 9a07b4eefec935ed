// What the six operations on rules do, for both directions: find the group, read what was sent, change
// the group's rules. A refusal is thrown as the operation's own error; nothing else is answered here.
import {
  addRules,
  isSameRule,
  securityGroup,
  setRules,
  type Direction,
  type SecurityGroup,
  type SecurityGroupRule,
} from '../../../domain/security-group.ts';
import type { RegionId } from '../../../domain/ids.ts';
import type { WriteContext } from '../../../operation.ts';
import { readRule, ruleParameters, type SentRule } from './security-group-rule.ts';
import type { AuthorizeFault, ModifyFault, RevokeFault } from './security-group-rules.ts';

interface Around {
  RegionId: string;
  SecurityGroupId: string;
}
type Several = Around & SentRule & { Permissions?: SentRule[] };
type Context<Fault extends string> = WriteContext<Fault>;
type AnyFault = AuthorizeFault | RevokeFault | ModifyFault;

const findGroup = async (ctx: Context<AnyFault>, input: Around): Promise<SecurityGroup> => {
  const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
  const group = await securityGroup(ctx.tx, scope, input.SecurityGroupId, ctx.nowMs);
  if (group === undefined) throw ctx.fail('InvalidSecurityGroupId.NotFound');
  return group;
};

const WORDS = Object.keys({ ...ruleParameters.ingress, ...ruleParameters.egress });
/** Whether a word of a rule stands without a prefix. */
const isFlat = (input: object): boolean => WORDS.some((word) => Object.hasOwn(input, word));

const sentRules = (ctx: Context<AuthorizeFault | RevokeFault>, input: Several): SentRule[] => {
  if (input.Permissions === undefined) return [input];
  if (isFlat(input)) throw ctx.fail('InvalidParam.Permissions');
  return input.Permissions;
};

export const authorize = async (
  ctx: Context<AuthorizeFault>,
  input: Several,
  direction: Direction,
): Promise<object> => {
  const group = await findGroup(ctx, input);
  const rules: SecurityGroupRule[] = [];
  for (const sent of sentRules(ctx, input)) {
    const words = readRule(ctx, sent, direction, group);
    if (words.peerGroupId !== '' && group.detail.securityGroupType === 'enterprise')
      throw ctx.fail('InvalidGroupParameter.OperationDenied');
    await checkPeer(ctx, group, words.peerGroupId, direction);
    rules.push({
      ...words,
      priority: words.priority ?? 1,
      ruleId: ctx.newId('sgr-', input.RegionId),
      creationMs: ctx.nowMs,
    });
  }
  if (!(await addRules(ctx.tx, group, rules))) throw ctx.fail('AuthorizationLimitExceed');
  return {};
};

/** A group that a rule names is another one, and there. */
const checkPeer = async (
  ctx: Context<AuthorizeFault | ModifyFault>,
  group: SecurityGroup,
  peerGroupId: string,
  direction: Direction,
): Promise<void> => {
  if (peerGroupId === '') return;
  if (peerGroupId === group.resourceId) throw ctx.fail('InvalidParamter.Conflict');
  if ((await securityGroup(ctx.tx, group, peerGroupId, ctx.nowMs)) === undefined)
    throw ctx.fail(
      direction === 'ingress' ? 'InvalidSourceGroupId.NotFound' : 'InvalidDestGroupId.NotFound',
    );
};

export const revoke = async (
  ctx: Context<RevokeFault>,
  input: Several & { SecurityGroupRuleId?: string[] },
  direction: Direction,
): Promise<object> => {
  const { SecurityGroupRuleId: ids, ...words } = input;
  const group = await findGroup(ctx, input);
  const own = group.detail.rules.filter((rule) => rule.direction === direction);
  let gone: (rule: SecurityGroupRule) => boolean;
  if (ids === undefined) {
    const sent = sentRules(ctx, input).map((one) => readRule(ctx, one, direction, group));
    gone = (rule) => sent.some((words) => isSameRule(rule, words));
  } else {
    if (words.Permissions !== undefined || isFlat(words))
      throw ctx.fail('InvalidParam.SecurityGroupRuleId');
    if (!ids.every((id) => own.some(({ ruleId: known }) => known === id)))
      throw ctx.fail('InvalidSecurityGroupRuleId.NotFound');
    gone = (rule) => ids.includes(rule.ruleId);
  }
  const left = group.detail.rules.filter((rule) => !gone(rule));
  if (left.length < group.detail.rules.length) await setRules(ctx.tx, group, left);
  return {};
};

/** By id everything but the kind of the other side can change; by words only the description. */
export const modify = async (
  ctx: Context<ModifyFault>,
  input: Around & SentRule & { SecurityGroupRuleId?: string },
  direction: Direction,
): Promise<object> => {
  const group = await findGroup(ctx, input);
  const { rules } = group.detail;
  const next =
    input.SecurityGroupRuleId === undefined
      ? describeRule(ctx, input, direction, group)
      : changeRule(ctx, input, direction, group);
  await checkPeer(ctx, group, next.peerGroupId, direction);
  const isTaken = rules.some((rule) => rule.ruleId !== next.ruleId && isSameRule(rule, next));
  if (isTaken) throw ctx.fail('InvalidOperation.RuleDuplicate');
  const all = rules.map((rule) => (rule.ruleId === next.ruleId ? next : rule));
  if (JSON.stringify(all) !== JSON.stringify(rules)) await setRules(ctx.tx, group, all);
  return {};
};

const describeRule = (
  ctx: Context<ModifyFault>,
  sent: SentRule,
  direction: Direction,
  group: SecurityGroup,
): SecurityGroupRule => {
  const words = readRule(ctx, sent, direction, group);
  const rule = group.detail.rules.find((one) => isSameRule(one, words));
  if (rule === undefined) throw ctx.fail('SecurityGroupRule.NotFound');
  return { ...rule, description: sent.Description ?? rule.description };
};

const changeRule = (
  ctx: Context<ModifyFault>,
  sent: SentRule & { SecurityGroupRuleId?: string },
  direction: Direction,
  group: SecurityGroup,
): SecurityGroupRule => {
  const rule = group.detail.rules.find(
    (one) => one.ruleId === sent.SecurityGroupRuleId && one.direction === direction,
  );
  if (rule === undefined) throw ctx.fail('InvalidSecurityGroupRuleId.NotFound');
  const before = wordsOf(rule, direction);
  const kinds =
    direction === 'ingress'
      ? (['SourceCidrIp', 'Ipv6SourceCidrIp', 'SourceGroupId'] as const)
      : (['DestCidrIp', 'Ipv6DestCidrIp', 'DestGroupId'] as const);
  if (kinds.some((kind) => sent[kind] !== undefined && before[kind] === undefined))
    throw ctx.fail('InvalidOperation.ModifySgRuleEntityType');
  const words = readRule(ctx, { ...before, ...sent }, direction, group);
  return { ...rule, ...words, priority: words.priority ?? rule.priority };
};

/** The rule as it would have been sent. */
const wordsOf = (rule: SecurityGroupRule, direction: Direction): SentRule => {
  const peer =
    direction === 'ingress'
      ? { SourceGroupId: rule.peerGroupId, SourceGroupOwnerAccount: rule.peerOwnerAccount }
      : { DestGroupId: rule.peerGroupId, DestGroupOwnerAccount: rule.peerOwnerAccount };
  const words = {
    IpProtocol: rule.ipProtocol,
    PortRange: rule.portRange,
    SourcePortRange: rule.sourcePortRange,
    NicType: rule.nicType,
    Policy: rule.policy,
    Priority: rule.priority,
    Description: rule.description,
    SourceCidrIp: rule.sourceCidrIp,
    DestCidrIp: rule.destCidrIp,
    Ipv6SourceCidrIp: rule.ipv6SourceCidrIp,
    Ipv6DestCidrIp: rule.ipv6DestCidrIp,
    ...peer,
  };
  // An empty word is an absent one.
  return Object.fromEntries(Object.entries(words).filter(([, word]) => word !== ''));
};
