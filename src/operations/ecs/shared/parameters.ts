// Parameters that many ECS operations take, in wire names. One description each, so that the docs,
// the CLI and the decoder say the same everywhere.
import { boolean, integer, list, object, optional, string } from '../../../lib/schema.ts';

export const ECS_VERSION = '2014-05-26';

/** Of a parameter that asks for encryption, whatever its value. */
export const NOT_ENCRYPTED =
  'Refused with `InvalidParameter.EncryptedIllegal`: nothing is encrypted.';

/** The codes differ per operation (`MissingRegionId` of the gateway, `MissingParameter` of ECS). */
export const regionId = (missing = 'MissingRegionId', unknown = 'InvalidRegionId.NotFound') =>
  string({
    description: 'The region, for example cn-hangzhou. DescribeRegions lists them.',
    missing,
    invalid: unknown,
    maxLength: 64,
  });

/** The image that the call is about; `missing` as of the region. */
export const imageId = (description = 'The image.', missing?: string) =>
  string({
    description,
    ...(missing === undefined ? {} : { missing }),
    maxLength: 128,
    invalid: 'InvalidImageId.NotFound',
  });

const OWNER_REASON =
  'The caller is always the account of the AccessKey; the vendor ignores it likewise.';

/** The four ownership parameters of nearly every operation. */
export const owners = {
  OwnerId: optional(integer({ withoutEffect: OWNER_REASON, minimum: 0 })),
  OwnerAccount: optional(string({ withoutEffect: OWNER_REASON, maxLength: 128 })),
  ResourceOwnerId: optional(integer({ withoutEffect: OWNER_REASON, minimum: 0 })),
  ResourceOwnerAccount: optional(string({ withoutEffect: OWNER_REASON, maxLength: 128 })),
};

export const dryRun = optional(
  boolean({
    description: 'Check everything and change nothing; success is the error DryRunOperation.',
  }),
);

/** Checked by the pipeline; `invalid` is the operation's code for a malformed token. */
export const clientToken = (invalid = 'InvalidParameter') =>
  optional(
    string({
      description:
        'A text of the caller (at most 64 ASCII characters) that makes a retry safe for 24 hours.',
      maxLength: 64,
      pattern: '^[\\x20-\\x7e]{1,64}$',
      invalid,
    }),
  );

export const pageNumber = optional(
  integer({ description: 'Page, from 1.', minimum: 1, maximum: 10_000_000, default: 1 }),
);
export const pageSize = optional(
  integer({
    description: 'Entries a page, 1 to 100; more is answered as 100.',
    minimum: 1,
    maximum: 100,
    clamp: true,
    default: 10,
  }),
);

/** `Tag.N.Key` / `Tag.N.Value`; the rules of tags are checked by `shared/tags.ts`. */
export const tagList = (tooMany: string) =>
  optional(
    list(
      object({
        Key: optional(string({ description: 'Tag key, 1 to 128 characters.' })),
        Value: optional(string({ description: 'Tag value, 0 to 128 characters.' })),
      }),
      { description: 'Tags, N from 1 to 20.', maxItems: 20, tooMany },
    ),
  );
