import { toDisk, type Disk } from '../../../domain/disk.ts';
import type { ReadContext } from '../../../operation.ts';
import { findRecord } from './record-by-id.ts';

/** The disk that the request names, or the operation's error. */
export const requireDisk = async (
  ctx: Pick<ReadContext<'InvalidDiskId.NotFound'>, 'tx' | 'caller' | 'settings' | 'nowMs' | 'fail'>,
  { DiskId, RegionId }: { DiskId: string; RegionId?: string },
): Promise<Disk> => {
  const found = await findRecord(ctx, 'disk', DiskId, RegionId);
  if (found === undefined) throw ctx.fail('InvalidDiskId.NotFound');
  return toDisk(found);
};
