import { imageFiles, SIGNATURE_TYPES, type ImageFile } from '../../../domain/address.ts';
import { isUsable, type Image } from '../../../domain/image.ts';
import type { RegionId } from '../../../domain/ids.ts';
import { choice } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';

export const signatureType = choice(SIGNATURE_TYPES, {
  description: '`openpgp` or `ssh`.',
  missing: 'MissingParameter',
  invalid: 'InvalidParameter',
});

type Codes = 'InvalidImageId.NotFound' | 'IncorrectImageStatus';
type Context = Pick<ReadContext<Codes>, 'caller' | 'tx' | 'fail'>;

/** An own image that can be used, with the files whose sums are signed. */
export const signedImage = async (
  ctx: Context,
  input: { RegionId: string; ImageId: string },
): Promise<{ image: Image; files: ImageFile[] }> => {
  const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
  const image = await ctx.tx.image(scope, input.ImageId);
  if (image === undefined) throw ctx.fail('InvalidImageId.NotFound');
  if (!isUsable(image.status)) throw ctx.fail('IncorrectImageStatus');
  return { image, files: await imageFiles(ctx.tx, image) };
};
