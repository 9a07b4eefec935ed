import { MAX_RESOURCES_PER_TAG_CALL } from '../../domain/tag.ts';
import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { RAM_VERSION, taggedType } from './shared/parameters.ts';
import { clearTags, requireThings } from './shared/ram-tags.ts';
import { defineOperation } from '../../operation.ts';

export const UntagResources = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'UntagResources',
  kind: 'write',
  docs: {
    summary: 'Takes tags away from roles or from custom policies.',
  },
  input: object({
    ResourceType: taggedType,
    ResourceNames: list(string({ maxLength: 128, invalid: 'InvalidParameter' }), {
      description: 'Names of roles or of custom policies.',
      minItems: 1,
      maxItems: MAX_RESOURCES_PER_TAG_CALL,
      missing: 'MissingParameter',
      invalid: 'InvalidParameter',
    }),
    TagKeys: optional(
      list(string({ maxLength: 128, invalid: 'InvalidParameter.Tag' }), {
        aliases: ['TagKey'],
        maxItems: 20,
        invalid: 'InvalidParameter.Tag',
      }),
    ),
    All: optional(
      boolean({
        description: 'Whether all tags go; without effect when TagKeys is given.',
        invalid: 'InvalidParameter',
      }),
    ),
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidParameter.ResourceType': 400,
    'InvalidParameter.Tag': 400,
    'EntityNotExist.Role': 404,
    'EntityNotExist.Policy': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ram:UntagResources',
    resource: (input) => `${input.ResourceType}/${input.ResourceNames[0]}`,
  },
  example: {
    request: {
      ResourceType: 'role',
      'ResourceNames.1': 'image-reader',
      'TagKeys.1': 'team',
    },
    response: {},
  },
  async handler(ctx, input) {
    const { TagKeys, All } = input;
    if (TagKeys === undefined && All !== true)
      throw ctx.fail('MissingParameter', { parameter: 'TagKeys' });
    for (const thing of await requireThings(ctx, input.ResourceType, input.ResourceNames))
      await clearTags(ctx, thing, TagKeys);
    return {};
  },
});
