import { MAX_RESOURCES_PER_TAG_CALL } from '../../domain/tag.ts';
import { list, object, string } from '../../lib/schema.ts';
import { RAM_VERSION, taggedType, tags } from './shared/parameters.ts';
import { addTags, requireThings } from './shared/ram-tags.ts';
import { defineOperation } from '../../operation.ts';

export const TagResources = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'TagResources',
  kind: 'write',
  docs: {
    summary: 'Adds tags to roles or to custom policies.',
    notes: 'A key that is there gets the new value. Lists may be sent as JSON texts too.',
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
    Tag: tags,
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
    action: 'ram:TagResources',
    resource: (input) => `${input.ResourceType}/${input.ResourceNames[0]}`,
  },
  example: {
    request: {
      ResourceType: 'role',
      'ResourceNames.1': 'image-reader',
      'Tag.1.Key': 'team',
      'Tag.1.Value': 'images',
    },
    response: {},
  },
  async handler(ctx, input) {
    for (const thing of await requireThings(ctx, input.ResourceType, input.ResourceNames))
      await addTags(ctx, thing, input.Tag);
    return {};
  },
});
