import { choice, object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { regionId } from '../ecs/shared/parameters.ts';
import { imageFamily, ownFamily } from './shared/family-parameter.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const ModifyImageFamilyAccess = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'ModifyImageFamilyAccess',
  kind: 'write',
  docs: {
    summary: 'Opens the addresses of a family to everybody who reaches the server, or closes them.',
    notes:
      '`public-read` lets anybody read the current image and every usable member by address, without a key. It belongs to the name: it stays when the family loses its last image, and holds for the next one. It shares nothing through the API.',
  },
  input: object({
    RegionId: regionId(),
    ImageFamily: imageFamily,
    Access: choice(['private', 'public-read'], {
      description: '`private`: only with a read token of the family. `public-read`: everybody.',
      missing: 'MissingParameter',
      invalid: 'InvalidParameter',
    }),
  }),
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingImageFamily: 400,
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidImageFamily.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:ModifyImageFamilyAccess',
    resource: (input) => `imagefamily/${input.ImageFamily}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageFamily: 'web', Access: 'public-read' },
    response: {},
  },
  async handler(ctx, input) {
    await ctx.tx.setPublicFamily(ownFamily(ctx, input), input.Access === 'public-read');
    return {};
  },
});
