import { isFamilyName } from '../../../domain/naming.ts';
import type { FamilyScope } from '../../../domain/address-tx.ts';
import type { RegionId } from '../../../domain/ids.ts';
import { string } from '../../../lib/schema.ts';
import type { CallContext } from '../../../operation.ts';

export const imageFamily = string({
  description: 'The family. It need not have images yet.',
  missing: 'MissingImageFamily',
  invalid: 'InvalidImageFamily.Malformed',
  maxLength: 128,
});

type Context = Pick<CallContext<'InvalidImageFamily.Malformed'>, 'caller' | 'fail'>;

/** The caller's family of this name, whether it has images or not. */
export const ownFamily = (
  ctx: Context,
  input: { RegionId: string; ImageFamily: string },
): FamilyScope => {
  if (!isFamilyName(input.ImageFamily)) throw ctx.fail('InvalidImageFamily.Malformed');
  return {
    accountId: ctx.caller.accountId,
    regionId: input.RegionId as RegionId,
    imageFamily: input.ImageFamily,
  };
};
