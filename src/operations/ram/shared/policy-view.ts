// Policies as they are answered. A system policy is a constant with one version, the same in every
// account; a custom one is rows.
import { parsePolicy } from '../../../domain/policy/document.ts';
import { SYSTEM_POLICIES, type SystemPolicy } from '../../../domain/policy/system-policies.ts';
import { trustFault } from '../../../domain/trust.ts';
import type { PolicyType } from '../../../domain/principal.ts';
import type { RamPolicy, RamPolicyVersion } from '../../../domain/ram.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { boolean, integer, object, string } from '../../../lib/schema.ts';
import type { CallContext, ReadContext } from '../../../operation.ts';

/** System policies came with the first release that has any. */
const SYSTEM_POLICY_MS = Date.parse('2026-11-24T00:00:00Z');

/** What both kinds of policy have in common. */
export interface AnyPolicy {
  policyType: PolicyType;
  policyName: string;
  description: string;
  defaultVersion: number;
  creationMs: number;
  updateMs: number;
}

const fromSystem = ({ policyName, description }: SystemPolicy): AnyPolicy => ({
  policyType: 'System',
  policyName,
  description,
  defaultVersion: 1,
  creationMs: SYSTEM_POLICY_MS,
  updateMs: SYSTEM_POLICY_MS,
});

export const systemPolicies = (): AnyPolicy[] => [...SYSTEM_POLICIES.values()].map(fromSystem);
export const fromCustom = (policy: RamPolicy): AnyPolicy => ({ ...policy, policyType: 'Custom' });

type Context = Pick<ReadContext<'EntityNotExist.Policy'>, 'caller' | 'tx' | 'fail'>;

/** A custom policy of the caller's account. */
export const requireCustom = async (ctx: Context, policyName: string): Promise<RamPolicy> => {
  const policy = await ctx.tx.ramPolicy(ctx.caller.accountId, policyName);
  if (policy === undefined) throw ctx.fail('EntityNotExist.Policy');
  return policy;
};

export const findPolicy = async (
  { tx, caller }: Pick<Context, 'caller' | 'tx'>,
  policyType: PolicyType,
  policyName: string,
): Promise<AnyPolicy | undefined> => {
  if (policyType === 'Custom') {
    const custom = await tx.ramPolicy(caller.accountId, policyName);
    return custom && fromCustom(custom);
  }
  const system = SYSTEM_POLICIES.get(policyName);
  return system && fromSystem(system);
};

export const requirePolicy = async (
  ctx: Context,
  policyType: PolicyType,
  policyName: string,
): Promise<AnyPolicy> => {
  const policy = await findPolicy(ctx, policyType, policyName);
  if (policy === undefined) throw ctx.fail('EntityNotExist.Policy');
  return policy;
};

/** Oldest first. */
export const versionsOf = async (
  ctx: Context,
  policy: AnyPolicy,
): Promise<Omit<RamPolicyVersion, 'accountId'>[]> => {
  const { policyType, policyName, creationMs } = policy;
  if (policyType === 'Custom') return ctx.tx.ramPolicyVersions(ctx.caller.accountId, policyName);
  const { policyDocument } = SYSTEM_POLICIES.get(policyName)!;
  return [{ policyName, version: 1, policyDocument, creationMs }];
};

/** Only documents that are understood are kept: what is in force is what the author reads. */
export const requireDocument = (
  ctx: Pick<CallContext<'MalformedPolicyDocument'>, 'fail'>,
  text: string,
  kind: 'permission' | 'trust' = 'permission',
): string => {
  const fault = kind === 'trust' ? trustFault(text) : policyFault(text);
  if (fault !== undefined) throw ctx.fail('MalformedPolicyDocument', { message: fault });
  return text;
};

const policyFault = (text: string): string | undefined => {
  const parsed = parsePolicy(text);
  return parsed.ok ? undefined : parsed.fault;
};

export const policyItem = {
  PolicyName: string(),
  PolicyType: string({ description: 'System or Custom.' }),
  Description: string(),
  DefaultVersion: string({ description: 'The version that is in force, as `v1`.' }),
};
export const policySchema = {
  ...policyItem,
  CreateDate: string({ description: 'UTC, whole seconds.' }),
  UpdateDate: string({ description: 'UTC, whole seconds.' }),
  AttachmentCount: integer({
    description: 'Users, groups and roles of the account that it is attached to.',
  }),
};
export const versionItem = {
  VersionId: string(),
  IsDefaultVersion: boolean(),
  CreateDate: string({ description: 'UTC, whole seconds.' }),
};
export const versionSchema = object({ ...versionItem, PolicyDocument: string() });

export const viewPolicyItem = (policy: AnyPolicy) => ({
  PolicyName: policy.policyName,
  PolicyType: policy.policyType,
  Description: policy.description,
  DefaultVersion: `v${policy.defaultVersion}`,
});
export const viewPolicy = (policy: AnyPolicy, attachmentCount: number) => ({
  ...viewPolicyItem(policy),
  CreateDate: formatSeconds(policy.creationMs),
  UpdateDate: formatSeconds(policy.updateMs),
  AttachmentCount: attachmentCount,
});
export const viewVersionItem = (
  { version, creationMs }: Pick<RamPolicyVersion, 'version' | 'creationMs'>,
  defaultVersion: number,
) => ({
  VersionId: `v${version}`,
  IsDefaultVersion: version === defaultVersion,
  CreateDate: formatSeconds(creationMs),
});
export const viewVersion = (
  version: Pick<RamPolicyVersion, 'version' | 'creationMs' | 'policyDocument'>,
  defaultVersion: number,
) => ({
  ...viewVersionItem(version, defaultVersion),
  PolicyDocument: version.policyDocument,
});

export const exampleDocument =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:DescribeImageFromFamily","Resource":"acs:ecs:*:*:imagefamily/web"}]}';
export const examplePolicyItem = {
  PolicyName: 'read-web',
  PolicyType: 'Custom',
  Description: 'Resolves the family web',
  DefaultVersion: 'v1',
};
export const examplePolicy = {
  ...examplePolicyItem,
  CreateDate: '2026-11-24T08:00:00Z',
  UpdateDate: '2026-11-24T08:00:00Z',
  AttachmentCount: 0,
};
export const exampleVersionItem = {
  VersionId: 'v1',
  IsDefaultVersion: true,
  CreateDate: '2026-11-24T08:00:00Z',
};
