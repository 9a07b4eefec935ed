import type { Resource } from '../../../domain/resource.ts';
import type { ReadContext } from '../../../operation.ts';

/** The elastic address that is bound to the instance. */
export const eipOfInstance = async (
  ctx: Pick<ReadContext<never>, 'tx' | 'nowMs'>,
  instance: Pick<Resource, 'resourceId' | 'accountId' | 'regionId'>,
): Promise<Resource | undefined> => {
  const filter = { resourceType: 'eip', parentId: instance.resourceId } as const;
  const { rows } = await ctx.tx.resources(instance, filter, { limit: 1, offset: 0 }, ctx.nowMs);
  return rows[0];
};
