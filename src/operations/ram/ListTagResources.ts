import { MAX_RESOURCES_PER_TAG_CALL } from '../../domain/tag.ts';
import { MAX_RAM_ROLES } from '../../domain/ram.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { RAM_VERSION, tagFilter, taggedType } from './shared/parameters.ts';
import { hasTags, tagsOf } from './shared/ram-tags.ts';
import { defineOperation, type ReadContext } from '../../operation.ts';

export const ListTagResources = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListTagResources',
  kind: 'read',
  docs: {
    summary: 'Lists the tags of roles or of custom policies.',
  },
  input: object({
    ResourceType: taggedType,
    ResourceNames: optional(
      list(string({ maxLength: 128, invalid: 'InvalidParameter' }), {
        description: 'Default: all that carry tags.',
        maxItems: MAX_RESOURCES_PER_TAG_CALL,
        invalid: 'InvalidParameter',
      }),
    ),
    Tag: optional(tagFilter),
    NextToken: optional(
      string({
        description: 'The NextToken of the answer before.',
        maxLength: 8,
        pattern: '^[1-9]\\d*$',
        invalid: 'InvalidParameter',
      }),
    ),
    PageSize: optional(
      integer({
        description: 'Tags to answer at most.',
        minimum: 1,
        maximum: 100,
        default: 100,
        invalid: 'InvalidParameter',
      }),
    ),
  }),
  output: object({
    TagResources: list(
      object({
        ResourceType: string(),
        ResourceName: string(),
        TagKey: string(),
        TagValue: string(),
      }),
    ),
    NextToken: optional(string({ description: 'For the next page, if there is one.' })),
  }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidParameter.ResourceType': 400,
    'InvalidParameter.Tag': 400,
  },
  cannotOccur: {},
  access: { action: 'ram:ListTagResources', resource: (input) => `${input.ResourceType}/*` },
  example: {
    request: { ResourceType: 'role', 'ResourceNames.1': 'image-reader' },
    response: {
      TagResources: [
        {
          ResourceType: 'role',
          ResourceName: 'image-reader',
          TagKey: 'team',
          TagValue: 'images',
        },
      ],
    },
  },
  async handler(ctx, input) {
    const { ResourceType, ResourceNames: wanted, PageSize = 100 } = input;
    const nameOf = await namesOf(ctx, ResourceType);
    const all = [...(await tagsOf(ctx, ResourceType))]
      .filter(([key, tags]) => {
        const name = nameOf(key);
        return name !== undefined && (wanted?.includes(name) ?? true) && hasTags(tags, input.Tag);
      })
      .flatMap(([key, tags]) =>
        tags.map((tag) => ({ ResourceType, ResourceName: nameOf(key)!, ...tag })),
      );
    const first = Number(input.NextToken ?? 0);
    const next = first + PageSize;
    return {
      TagResources: all.slice(first, next),
      ...(next < all.length && { NextToken: String(next) }),
    };
  },
});

/** Tags of roles are kept under their ids, those of policies under their names. */
const namesOf = async (
  { tx, caller }: Pick<ReadContext<never>, 'caller' | 'tx'>,
  type: 'role' | 'policy',
): Promise<(key: string) => string | undefined> => {
  if (type === 'policy') return (key) => key;
  const roles = await tx.ramRoles(caller.accountId, { after: '', limit: MAX_RAM_ROLES });
  const names = new Map(roles.map(({ roleId, roleName }) => [roleId, roleName]));
  return (key) => names.get(key);
};
