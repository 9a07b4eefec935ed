import { keptGroupId, resolveGroup } from '../../../domain/resource-group.ts';
import { optional, string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';

/** `ResourceGroupId` of an operation that makes something. */
export const resourceGroupId = optional(
  string({
    description: 'Resource group, one of the caller; absent: the default group.',
    maxLength: 128,
    invalid: 'InvalidResourceGroup.NotFound',
  }),
);

/** What the new resource keeps of its group. @throws when the caller has no such group */
export const requireResourceGroup = async (
  ctx: Pick<ReadContext<'InvalidResourceGroup.NotFound'>, 'tx' | 'nowMs' | 'caller' | 'fail'>,
  given: string | undefined,
): Promise<string> => {
  const group = await resolveGroup(ctx.tx, ctx.caller.accountId, given, ctx.nowMs);
  if (group === undefined) throw ctx.fail('InvalidResourceGroup.NotFound');
  return group;
};

/** The group that a listing asks for, as resources keep it; nothing when it asks for none. */
export const groupAskedFor = (
  { caller }: Pick<ReadContext<never>, 'caller'>,
  { ResourceGroupId }: { ResourceGroupId?: string },
): { ResourceGroupId?: string } =>
  ResourceGroupId === undefined
    ? {}
    : { ResourceGroupId: keptGroupId(caller.accountId, ResourceGroupId) };
