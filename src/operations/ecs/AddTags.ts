import type { RegionId } from '../../domain/ids.ts';
import { setTags } from '../../domain/tagging.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { oldTags, oneResource } from './shared/old-tag-request.ts';
import { ECS_VERSION } from './shared/parameters.ts';
import { tagsToSet } from './shared/tag-request.ts';
import { findTagged } from './shared/tagged-resources.ts';

export const AddTags = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'AddTags',
  kind: 'write',
  docs: {
    summary: 'Sets tags on one resource; the older form of TagResources.',
    notes: 'A key that is there gets the new value. Packer and others still call it.',
  },
  input: object({ ...oneResource, Tag: oldTags }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidTagCount: 400,
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'InvalidTag.Mismatch': 400,
    'QuotaExceed.Tags': 403,
    'TagKey.Duplication': 403,
    'InvalidRegionId.NotFound': 404,
    'InvalidResourceId.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:AddTags',
    resource: ({ ResourceType, ResourceId }) => `${ResourceType}/${ResourceId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'snapshot',
      ResourceId: 's-bp1ejhb4r1lyu55t0def',
      'Tag.1.Key': 'env',
      'Tag.1.Value': 'prod',
    },
    response: {},
  },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const wanted = tagsToSet(input.Tag);
    if ('fault' in wanted) throw ctx.fail(wanted.fault, { parameter: wanted.parameter });
    const [resource] = (await findTagged(ctx, scope, input.ResourceType, [input.ResourceId])) ?? [];
    if (resource === undefined) throw ctx.fail('InvalidResourceId.NotFound');
    if (!(await setTags(ctx.tx, scope, resource, wanted.tags))) throw ctx.fail('QuotaExceed.Tags');
    return {};
  },
});
