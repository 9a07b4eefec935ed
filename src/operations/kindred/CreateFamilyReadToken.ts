import { MAX_READ_TOKENS_PER_FAMILY } from '../../domain/address.ts';
import type { NewReadToken } from '../../domain/read-token.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { regionId } from '../ecs/shared/parameters.ts';
import { imageFamily, ownFamily } from './shared/family-parameter.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Undefined when it is no time to come. */
const expiryOf = (text: string, nowMs: number): number | undefined => {
  const ms = UTC.test(text) ? Date.parse(text) : Number.NaN;
  return ms > nowMs && formatSeconds(ms) === text ? ms : undefined;
};

export const CreateFamilyReadToken = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'CreateFamilyReadToken',
  kind: 'write',
  docs: {
    summary: 'Makes a secret with which the addresses of one family can be read.',
    notes: `It is sent as \`Authorization: Bearer …\` or as the password of any user, opens the current image and every usable member of this family, and nothing else. It is answered once; only its hash is kept. A family has at most ${MAX_READ_TOKENS_PER_FAMILY}. Tokens belong to the name of the family and outlive its images.`,
  },
  input: object({
    RegionId: regionId(),
    ImageFamily: imageFamily,
    Description: optional(
      string({
        description: 'For whom it is; up to 256 characters.',
        maxLength: 256,
        invalid: 'InvalidParameter',
      }),
    ),
    ExpirationTime: optional(
      string({
        description: 'Until when, UTC, for example 2027-01-31T00:00:00Z; default until deleted.',
        maxLength: 32,
        invalid: 'InvalidExpirationTime',
      }),
    ),
  }),
  output: object({
    TokenId: string(),
    Token: string({ description: 'Shown this once.' }),
    ExpirationTime: string({ description: 'UTC; empty: until it is deleted.' }),
  }),
  errors: {
    MissingRegionId: 400,
    MissingImageFamily: 400,
    InvalidParameter: 400,
    InvalidExpirationTime: 400,
    'InvalidImageFamily.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
    'LimitExceeded.FamilyReadToken': 409,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:CreateFamilyReadToken',
    resource: (input) => `imagefamily/${input.ImageFamily}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageFamily: 'web', Description: 'hypervisors' },
    response: {
      TokenId: 'frt-0123456789abcdefghij',
      Token: 'kindred_read_exampleexampleexampleexampleexampleexample',
      ExpirationTime: '',
    },
  },
  async prepare(ctx): Promise<NewReadToken> {
    return ctx.installation.newReadToken();
  },
  async handler(ctx, input, { tokenId, token, tokenHash }) {
    const family = ownFamily(ctx, input);
    const { ExpirationTime } = input;
    const expiresMs = ExpirationTime === undefined ? null : expiryOf(ExpirationTime, ctx.nowMs);
    if (expiresMs === undefined) throw ctx.fail('InvalidExpirationTime');
    const page = { limit: 0, offset: 0 };
    const { total } = await ctx.tx.familyReadTokens(family, family.imageFamily, page);
    if (total >= MAX_READ_TOKENS_PER_FAMILY) throw ctx.fail('LimitExceeded.FamilyReadToken');
    await ctx.tx.insertFamilyReadToken({
      ...family,
      tokenId,
      tokenHash,
      description: input.Description ?? '',
      creationMs: ctx.nowMs,
      expiresMs,
      lastUsedMs: null,
    });
    return {
      TokenId: tokenId,
      Token: token,
      ExpirationTime: expiresMs === null ? '' : formatSeconds(expiresMs),
    };
  },
});
