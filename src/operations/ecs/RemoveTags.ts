import type { RegionId } from '../../domain/ids.ts';
import { removeTags } from '../../domain/tagging.ts';
import { object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { oldTags, oneResource } from './shared/old-tag-request.ts';
import { ECS_VERSION } from './shared/parameters.ts';
import { findTagged } from './shared/tagged-resources.ts';

export const RemoveTags = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'RemoveTags',
  kind: 'write',
  docs: {
    summary: 'Removes tags from one resource; the older form of UntagResources.',
    notes:
      'A key with a value removes the tag only when it has that value, a key alone whatever its value. A tag that is not there is no error, and without `Tag.N` nothing is removed.',
  },
  input: object({ ...oneResource, Tag: optional(oldTags) }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidTagCount: 400,
    'InvalidTag.Mismatch': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidResourceId.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {
    '400 InvalidResourceType.NotFound':
      'Answered with 404, the status of the other tag operations.',
  },
  access: {
    action: 'ecs:RemoveTags',
    resource: ({ ResourceType, ResourceId }) => `${ResourceType}/${ResourceId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'image',
      ResourceId: 'm-bp1ejhb4r1lyu55t0def',
      'Tag.1.Key': 'env',
    },
    response: {},
  },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const { Tag = [] } = input;
    if (Tag.some(({ Key }) => Key === undefined)) throw ctx.fail('InvalidTag.Mismatch');
    const [resource] = (await findTagged(ctx, scope, input.ResourceType, [input.ResourceId])) ?? [];
    if (resource === undefined) throw ctx.fail('InvalidResourceId.NotFound');
    await removeTags(ctx.tx, resource, ({ tagKey, tagValue }) =>
      Tag.some(({ Key, Value = tagValue }) => Key === tagKey && Value === tagValue),
    );
    return {};
  },
});
