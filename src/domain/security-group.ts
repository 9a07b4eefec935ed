// Security groups as records: their rules lie in `detail`, for nobody searches by them. No packet is
// filtered; what is kept is what clients read back, with the vendor's idea of when two rules are one.
import { everyResource } from './every-resource.ts';
import type { Resource } from './resource.ts';
import type { ReadTx, Scope, Tx } from './tx.ts';

export type Direction = 'ingress' | 'egress';

export interface SecurityGroupRule {
  ruleId: string;
  direction: Direction;
  /** Upper case: `TCP`, `UDP`, `ICMP`, `ICMPV6`, `GRE`, `ALL`. */
  ipProtocol: string;
  /** `22/22`, or `-1/-1` for all. */
  portRange: string;
  /** Empty for any. */
  sourcePortRange: string;
  nicType: 'internet' | 'intranet';
  policy: 'Accept' | 'Drop';
  /** 1 to 100, 1 the strongest. */
  priority: number;
  description: string;
  /** Texts as they were sent; empty for none. */
  sourceCidrIp: string;
  destCidrIp: string;
  ipv6SourceCidrIp: string;
  ipv6DestCidrIp: string;
  /** The other group: the source of an ingress rule, the destination of an egress rule. */
  peerGroupId: string;
  /** The other group's owner by login name, as it was sent. */
  peerOwnerAccount: string;
  creationMs: number;
}

export interface SecurityGroupDetail {
  description: string;
  securityGroupType: 'normal' | 'enterprise';
  innerAccessPolicy: 'Accept' | 'Drop';
  rules: readonly SecurityGroupRule[];
}

/** `parentId` is the VPC, empty for the classic network. */
export type SecurityGroup = Resource<SecurityGroupDetail>;

/** Rules of one group, both directions. */
export const MAX_RULES = 200;

export const securityGroup = async (
  tx: ReadTx,
  scope: Scope,
  securityGroupId: string,
  nowMs: number,
): Promise<SecurityGroup | undefined> =>
  // The kind of the row says what its detail is.
  (await tx.resource(scope, 'securitygroup', securityGroupId, nowMs)) as SecurityGroup | undefined;

/** What a rule says, without what only the group's own record knows of it. */
export type RuleWords = Omit<SecurityGroupRule, 'ruleId' | 'creationMs'>;

/** What makes a rule the rule that it is; two rules of one group differ in this or in priority. */
const identity = (rule: Omit<RuleWords, 'priority'>): string =>
  JSON.stringify([
    rule.direction,
    rule.ipProtocol,
    rule.portRange,
    rule.sourcePortRange,
    rule.nicType,
    rule.policy,
    rule.sourceCidrIp,
    rule.destCidrIp,
    rule.ipv6SourceCidrIp,
    rule.ipv6DestCidrIp,
    rule.peerGroupId,
  ]);

/** Whether both say the same of the same traffic. A priority of undefined stands for any. */
export const isSameRule = (
  rule: SecurityGroupRule,
  other: Omit<RuleWords, 'priority'> & { priority?: number | undefined },
): boolean =>
  (other.priority === undefined || other.priority === rule.priority) &&
  identity(rule) === identity(other);

/** Adds the rules that the group does not have yet; false when they would be too many. */
export const addRules = async (
  tx: Tx,
  { resourceId, detail }: SecurityGroup,
  added: readonly SecurityGroupRule[],
): Promise<boolean> => {
  const rules = [...detail.rules];
  for (const rule of added) if (!rules.some((own) => isSameRule(own, rule))) rules.push(rule);
  if (rules.length > MAX_RULES) return false;
  if (rules.length > detail.rules.length)
    await tx.updateResource(resourceId, { detail: { ...detail, rules } });
  return true;
};

export const setRules = (
  tx: Tx,
  { resourceId, detail }: SecurityGroup,
  rules: readonly SecurityGroupRule[],
): Promise<void> => tx.updateResource(resourceId, { detail: { ...detail, rules } });

/** Security group → how many instances are in it. Reads every instance of the scope. */
export const instanceCounts = async (
  tx: ReadTx,
  scope: Scope,
  nowMs: number,
): Promise<Map<string, number>> => {
  const counts = new Map<string, number>();
  const filter = { resourceType: 'instance' } as const;
  for (const { detail } of await everyResource<Member>(tx, scope, filter, nowMs))
    for (const id of detail.securityGroupIds ?? []) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
};

/** As much of an instance as security groups are about. */
interface Member {
  securityGroupIds?: readonly string[];
}

/** What keeps a group from being deleted: instances in it, or rules of other groups that name it. */
export const useOfSecurityGroup = async (
  tx: ReadTx,
  group: SecurityGroup,
  nowMs: number,
): Promise<'instances' | 'rules' | undefined> => {
  const { resourceId } = group;
  if ((await instanceCounts(tx, group, nowMs)).has(resourceId)) return 'instances';
  const filter = { resourceType: 'securitygroup' } as const;
  const groups = await everyResource<SecurityGroupDetail>(tx, group, filter, nowMs);
  const isNamed = groups.some(
    (other) =>
      other.resourceId !== resourceId &&
      other.detail.rules.some(({ peerGroupId }) => peerGroupId === resourceId),
  );
  return isNamed ? 'rules' : undefined;
};
