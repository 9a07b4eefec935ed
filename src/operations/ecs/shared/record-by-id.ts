// Records that a request names by id alone. The region is optional in these operations (the SDKs add it,
// Terraform does not), and an id tells its region by its own first characters.
import type { RegionId } from '../../../domain/ids.ts';
import type { Resource, ResourceType } from '../../../domain/resource.ts';
import { optional, string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';
import { regionsOfId } from './regions-of-id.ts';

export const regionOfRecord = optional(
  string({
    description: 'Looks in this region only.',
    maxLength: 64,
    invalid: 'InvalidRegionId.NotFound',
  }),
);

export const instanceId = (notFound = 'InvalidInstanceId.NotFound') =>
  string({ missing: 'MissingParameter', maxLength: 128, invalid: notFound });

export const diskId = string({
  missing: 'MissingParameter',
  maxLength: 128,
  invalid: 'InvalidDiskId.NotFound',
});

/** The caller's record of this type and id, in the region or in any. */
export const findRecord = async (
  ctx: Pick<ReadContext<never>, 'tx' | 'caller' | 'settings' | 'nowMs'>,
  type: ResourceType,
  id: string,
  regionId?: string,
): Promise<Resource | undefined> => {
  const { accountId } = ctx.caller;
  const regions =
    regionId === undefined ? regionsOfId(ctx.settings.regions, id) : [regionId as RegionId]; // checked by the pipeline
  for (const region of regions) {
    const found = await ctx.tx.resource({ accountId, regionId: region }, type, id, ctx.nowMs);
    if (found !== undefined) return found;
  }
  return undefined;
};
