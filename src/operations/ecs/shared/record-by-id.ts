// Records that a request names by id alone. The region is optional in these operations (the SDKs add it,
// Terraform does not), and an id tells its region by its own first characters.
import type { Resource, ResourceType } from '../../../domain/resource.ts';
import { string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';
import { findById } from './find-by-id.ts';

export const instanceId = () =>
  string({ missing: 'MissingParameter', maxLength: 128, invalid: 'InvalidInstanceId.NotFound' });

export const diskId = string({
  missing: 'MissingParameter',
  maxLength: 128,
  invalid: 'InvalidDiskId.NotFound',
});

/** The caller's record of this type and id, in the region or in any. */
export const findRecord = (
  ctx: Pick<ReadContext<never>, 'tx' | 'caller' | 'settings' | 'nowMs'>,
  type: ResourceType,
  id: string,
  regionId?: string,
): Promise<Resource | undefined> =>
  findById(ctx, regionId, id, (scope) => ctx.tx.resource(scope, type, id, ctx.nowMs));
