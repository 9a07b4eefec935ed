import type { RegionId } from '../../../domain/ids.ts';
import type { Scope } from '../../../domain/tx.ts';
import type { CallContext } from '../../../operation.ts';
import { regionsOfId } from './regions-of-id.ts';

/** What an id of the caller names, in the region or, without one, in whichever region it is. */
export const findById = async <Row>(
  ctx: Pick<CallContext<never>, 'caller' | 'settings'>,
  regionId: string | undefined,
  id: string,
  find: (scope: Scope) => Promise<Row | undefined>,
): Promise<Row | undefined> => {
  const { accountId } = ctx.caller;
  const regions =
    regionId === undefined ? regionsOfId(ctx.settings.regions, id) : [regionId as RegionId];
  for (const region of regions) {
    const row = await find({ accountId, regionId: region });
    if (row !== undefined) return row;
  }
  return undefined;
};
