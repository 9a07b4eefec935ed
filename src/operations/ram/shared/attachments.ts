import { MAX_ATTACHED_POLICIES, type EntityType } from '../../../domain/ram.ts';
import type { PolicyType } from '../../../domain/principal.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { list, object, string } from '../../../lib/schema.ts';
import type { ReadContext, WriteContext } from '../../../operation.ts';
import {
  examplePolicyItem,
  findPolicy,
  policyItem,
  requirePolicy,
  viewPolicyItem,
} from './policy-view.ts';

interface Entity {
  entityType: EntityType;
  entityId: string;
}
interface Named {
  PolicyType: PolicyType;
  PolicyName: string;
}

/**
 * The policy as a thing that must be allowed beside the user or role: who may change what one user has may
 * not give it everything. The vendor's own policies belong to `system`.
 */
export const policyThing = ({ PolicyType: policyType, PolicyName }: Named): string =>
  policyType === 'System' ? `acs:ram::system:policy/${PolicyName}` : `policy/${PolicyName}`;

/** Why a policy could not be attached; undefined: it is. */
export const attach = async (
  ctx: Pick<WriteContext<'EntityNotExist.Policy'>, 'caller' | 'tx' | 'fail' | 'nowMs'>,
  { entityType, entityId }: Entity,
  { PolicyType: policyType, PolicyName: policyName }: Named,
): Promise<'exists' | 'limit' | undefined> => {
  const { tx, nowMs } = ctx;
  const { accountId } = ctx.caller;
  await requirePolicy(ctx, policyType, policyName);
  const attached = await tx.attachmentsOfEntity(accountId, entityId);
  const sameType = attached.filter((one) => one.policyType === policyType);
  if (sameType.some((one) => one.policyName === policyName)) return 'exists';
  if (sameType.length >= MAX_ATTACHED_POLICIES) return 'limit';
  const attachment = { accountId, entityType, entityId, policyType, policyName, attachMs: nowMs };
  await tx.insertAttachment(attachment);
  return undefined;
};

/** Whether it was attached. */
export const detach = (
  { tx, caller }: Pick<WriteContext<never>, 'caller' | 'tx'>,
  entityId: string,
  { PolicyType: policyType, PolicyName: policyName }: Named,
): Promise<boolean> =>
  tx.deleteAttachment({ accountId: caller.accountId, entityId, policyType, policyName });

export const attachedSchema = object({
  Policy: list(
    object({ ...policyItem, AttachDate: string({ description: 'UTC, whole seconds.' }) }),
  ),
});

export const exampleAttached = {
  Policy: [{ ...examplePolicyItem, AttachDate: '2026-11-24T08:00:00Z' }],
};

/** The policies of a user, a group or a role, in order of type and name. */
export const attachedPolicies = async (
  ctx: Pick<ReadContext<never>, 'caller' | 'tx'>,
  entityId: string,
) => {
  const attached = await ctx.tx.attachmentsOfEntity(ctx.caller.accountId, entityId);
  const Policy = [];
  for (const { policyType, policyName, attachMs } of attached) {
    const policy = await findPolicy(ctx, policyType, policyName);
    // A policy that is attached is not deleted; a system policy may go with a release.
    if (policy !== undefined)
      Policy.push({ ...viewPolicyItem(policy), AttachDate: formatSeconds(attachMs) });
  }
  return { Policy };
};
