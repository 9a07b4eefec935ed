import { toInstance, type Instance } from '../../../domain/instance.ts';
import type { ReadContext } from '../../../operation.ts';
import { findRecord } from './record-by-id.ts';

/** The instance that the request names, or the operation's error. */
export const requireInstance = async (
  ctx: Pick<
    ReadContext<'InvalidInstanceId.NotFound'>,
    'tx' | 'caller' | 'settings' | 'nowMs' | 'fail'
  >,
  { InstanceId, RegionId }: { InstanceId: string; RegionId?: string },
): Promise<Instance> => {
  const found = await findRecord(ctx, 'instance', InstanceId, RegionId);
  if (found === undefined) throw ctx.fail('InvalidInstanceId.NotFound');
  return toInstance(found);
};
