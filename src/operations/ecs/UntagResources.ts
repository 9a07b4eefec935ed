import { eachOf } from '../../domain/policy/thing.ts';
import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import { MAX_TAGS_PER_RESOURCE } from '../../domain/tag.ts';
import { removeTags } from '../../domain/tagging.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';
import { NO_TAG_OWNERS } from './shared/tag-parameters.ts';
import { faultOfKeys } from './shared/tag-request.ts';
import { findTagged, resourceIds, resourceType } from './shared/tagged-resources.ts';

const NO_VALUES = 'The operation takes keys of tags and no values.';

export const UntagResources = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'UntagResources',
  kind: 'write',
  docs: {
    summary: 'Removes tags from up to 50 resources.',
    notes:
      'All or nothing. A key that a resource does not carry is no error; with neither `TagKey.N` nor `All` nothing is removed.',
  },
  input: object({
    RegionId: regionId('MissingParameter.RegionId'),
    ResourceType: resourceType(),
    ResourceId: resourceIds,
    TagKey: optional(
      list(string({ invalid: 'InvalidTagKey.Malformed' }), {
        description: 'Keys of the tags to remove, N from 1 to 20.',
        maxItems: MAX_TAGS_PER_RESOURCE,
        tooMany: 'NumberExceed.Tags',
      }),
    ),
    All: optional(boolean({ description: 'Remove every tag; not together with TagKey.N.' })),
    ...owners,
  }),
  output: object({}),
  errors: {
    'NumberExceed.ResourceIds': 400,
    'NumberExceed.Tags': 400,
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'Param.Conflict': 403,
    'InvalidRegionId.NotFound': 404,
    'MissingParameter.RegionId': 404,
    'MissingParameter.ResourceType': 404,
    'MissingParameter.ResourceIds': 404,
    'InvalidResourceId.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {
    ...NO_TAG_OWNERS,
    '400 InvalidTag.Mismatch': NO_VALUES,
    '400 InvalidTagValue.Malformed': NO_VALUES,
    '400 InvalidTagCount': 'Too many keys are answered with the code for the number of tags.',
    '400 OperationDenied.QuotaExceed': 'Removing tags uses up no quota.',
    '404 MissingParameter.Tags': 'A call that names no tag succeeds and removes nothing.',
  },
  access: {
    action: 'ecs:UntagResources',
    resource: (input) => eachOf(input.ResourceType, input.ResourceId),
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'image',
      'ResourceId.1': 'm-bp1ejhb4r1lyu55t0def',
      'TagKey.1': 'env',
    },
    response: {},
  },
  async handler(ctx, input) {
    const { tx } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const { TagKey: keys = [], All = false } = input;
    if (All && keys.length > 0) throw ctx.fail('Param.Conflict');
    const bad = faultOfKeys(keys, (position) => `TagKey.${position}`);
    if (bad !== undefined) throw ctx.fail(bad.fault, { parameter: bad.parameter });
    const resources = await findTagged(ctx, scope, input.ResourceType, input.ResourceId);
    if (resources === undefined) throw ctx.fail('InvalidResourceId.NotFound');

    for (const resource of resources)
      await removeTags(tx, resource, ({ tagKey }) => All || keys.includes(tagKey));
    return {};
  },
});
