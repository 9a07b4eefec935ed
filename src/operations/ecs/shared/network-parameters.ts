// Parameters and answers that the operations on networks, security groups, key pairs and addresses
// have in common. VPC has its own version and otherwise the same words.
import { boolean, integer, list, object, optional, string } from '../../../lib/schema.ts';

export const VPC_VERSION = '2016-04-28';

/** Said first in the notes of every operation on such records. */
export const RECORD_ONLY = 'A record only: no network is made and no packet is filtered.';

const notAddress = (least: number, most: number, first: string): string =>
  `^(?!https?://)${first}[\\s\\S]{${least - 1},${most - 1}}$`;

/** A name or description by the common rule: so many characters, not http://… or https://…. */
export const label = (description: string, invalid: string, most = 256) =>
  optional(
    string({
      description: `${description}; 1 to ${most} characters, not http://… or https://….`,
      pattern: notAddress(1, most, '[\\s\\S]'),
      maxLength: most,
      invalid,
    }),
  );

/** As ECS has it: 2 to 128 characters, the first a letter. */
export const SECURITY_GROUP_NAME = notAddress(2, 128, '\\p{L}');
/** 2 to 256 characters. */
export const SECURITY_GROUP_DESCRIPTION = notAddress(2, 256, '[\\s\\S]');

/** `Tags.Tag[]` of ECS. */
export const tagsView = object({ Tag: list(object({ TagKey: string(), TagValue: string() })) });

export const viewTags = (tags: readonly { tagKey: string; tagValue: string }[]) => ({
  Tag: tags.map(({ tagKey, tagValue }) => ({ TagKey: tagKey, TagValue: tagValue })),
});

/** Pages of VPC and of ECS's network operations hold up to 50 entries. */
export const networkPageSize = optional(
  integer({
    description: 'Entries a page, 1 to 50; more is answered as 50.',
    minimum: 1,
    maximum: 50,
    clamp: true,
    default: 10,
  }),
);

/** `Tags.Tag[]` of VPC, whose members have other names than those of ECS. */
export const vpcTagsView = object({ Tag: list(object({ Key: string(), Value: string() })) });

export const viewVpcTags = (tags: readonly { tagKey: string; tagValue: string }[]) => ({
  Tag: tags.map(({ tagKey, tagValue }) => ({ Key: tagKey, Value: tagValue })),
});

/** For operations that find what an id names in whichever region it is. */
export const anyRegionId = optional(
  string({
    description: 'The region; without it the id is looked for in every region.',
    maxLength: 64,
    invalid: 'InvalidRegionId.NotFound',
  }),
);

/** An id that has to be given. */
export const idOf = (description: string, invalid: string) =>
  string({ description, missing: 'MissingParameter', maxLength: 128, invalid });

/** A filter by an id: one that is not there matches nothing. */
export const filterId = (description: string) => optional(string({ description, maxLength: 2048 }));

export const noIpv6 = optional(
  boolean({ description: 'Only false: blocks are IPv4 here.', invalid: 'InvalidParameter' }),
);
