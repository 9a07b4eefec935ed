// The image that an instance is made from: by id, or the newest of a family at the moment of the call, by
// the same rule that answers DescribeImageFromFamily.
import { isUsable } from '../../../domain/image.ts';
import type { RegionId } from '../../../domain/ids.ts';
import type { SourceTraits } from '../../../domain/instance.ts';
import { findByFamily, findVisible, type VisibleImage } from '../../../domain/visible.ts';
import type { ReadContext } from '../../../operation.ts';

export type InstanceImageFault =
  | 'MissingParameter'
  | 'InvalidParameter.Conflict'
  | 'InvalidImageFamily.Malformed'
  | 'InvalidImageFamily.MissingAvailableImage'
  | 'InvalidImageId.NotFound'
  | 'OperationDenied.ImageNotValid';

export const findInstanceImage = async (
  ctx: Pick<ReadContext<InstanceImageFault>, 'tx' | 'caller' | 'settings' | 'fail'>,
  regionId: RegionId,
  { ImageId, ImageFamily }: { ImageId?: string; ImageFamily?: string },
): Promise<VisibleImage> => {
  const { tx, caller, settings } = ctx;
  if (ImageId !== undefined && ImageFamily !== undefined)
    throw ctx.fail('InvalidParameter.Conflict', {
      message: 'ImageId and ImageFamily cannot be given together.',
    });
  if (ImageFamily !== undefined) {
    const found = await findByFamily(tx, caller, regionId, ImageFamily, settings);
    if (found === 'malformed') throw ctx.fail('InvalidImageFamily.Malformed');
    if (found === undefined) throw ctx.fail('InvalidImageFamily.MissingAvailableImage');
    return found;
  }
  if (ImageId === undefined) throw ctx.fail('MissingParameter', { parameter: 'ImageId' });
  return findUsableImage(ctx, regionId, ImageId);
};

/** The image of this id, Available or Deprecated. */
export const findUsableImage = async (
  ctx: Pick<
    ReadContext<'InvalidImageId.NotFound' | 'OperationDenied.ImageNotValid'>,
    'tx' | 'caller' | 'settings' | 'fail'
  >,
  regionId: RegionId,
  imageId: string,
): Promise<VisibleImage> => {
  const found = await findVisible(ctx.tx, ctx.caller, regionId, imageId, ctx.settings);
  if (found === undefined) throw ctx.fail('InvalidImageId.NotFound');
  if (!isUsable(found.image.status)) throw ctx.fail('OperationDenied.ImageNotValid');
  return found;
};

/** What disks and instances keep of it, so that it need not be there later. */
export const traitsOf = (found: VisibleImage): SourceTraits => {
  const { osType, platform, architecture, bootMode, licenseType, nvmeSupport, imdsSupport } =
    found.image;
  const names =
    found.ownerAlias === 'system'
      ? { osName: found.image.osName, osNameEn: found.image.osNameEn }
      : { osName: '', osNameEn: '' };
  const system = { osType, platform, architecture, bootMode };
  return { ...system, ...names, licenseType, nvmeSupport, imdsSupport };
};
