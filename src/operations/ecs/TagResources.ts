import { eachOf } from '../../domain/policy/thing.ts';
import { object } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import { setTags } from '../../domain/tagging.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';
import { NO_TAG_OWNERS, tagsOfRequest } from './shared/tag-parameters.ts';
import { tagsToSet } from './shared/tag-request.ts';
import { findTagged, resourceIds, resourceType } from './shared/tagged-resources.ts';

export const TagResources = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'TagResources',
  kind: 'write',
  docs: {
    summary: 'Sets tags on up to 50 resources; a key that is there gets the new value.',
    notes: 'All or nothing. The id of a key pair is its name.',
  },
  input: object({
    RegionId: regionId('MissingParameter.RegionId'),
    ResourceType: resourceType(),
    ResourceId: resourceIds,
    Tag: tagsOfRequest,
    ...owners,
  }),
  output: object({}),
  errors: {
    'NumberExceed.ResourceIds': 400,
    'NumberExceed.Tags': 400,
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'InvalidTag.Mismatch': 400,
    'QuotaExceed.Tags': 403,
    'TagKey.Duplication': 403,
    'InvalidRegionId.NotFound': 404,
    'MissingParameter.RegionId': 404,
    'MissingParameter.ResourceType': 404,
    'MissingParameter.ResourceIds': 404,
    'MissingParameter.Tags': 404,
    'InvalidResourceId.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {
    ...NO_TAG_OWNERS,
    '400 InvalidTagCount': 'Too many tags are answered with the code for the number of tags.',
    '400 OperationDenied.QuotaExceed':
      'The older code of the quota of tags; the newer one of the same table is answered.',
    '500 ServiceUnavailable':
      'The gateway answers it for any operation while the server takes no writes.',
  },
  access: {
    action: 'ecs:TagResources',
    resource: (input) => eachOf(input.ResourceType, input.ResourceId),
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'image',
      'ResourceId.1': 'm-bp1ejhb4r1lyu55t0def',
      'Tag.1.Key': 'env',
      'Tag.1.Value': 'prod',
    },
    response: {},
  },
  async handler(ctx, input) {
    const { tx } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const wanted = tagsToSet(input.Tag);
    if ('fault' in wanted) throw ctx.fail(wanted.fault, { parameter: wanted.parameter });
    const resources = await findTagged(ctx, scope, input.ResourceType, input.ResourceId);
    if (resources === undefined) throw ctx.fail('InvalidResourceId.NotFound');

    for (const resource of resources)
      if (!(await setTags(tx, scope, resource, wanted.tags))) throw ctx.fail('QuotaExceed.Tags');
    return {};
  },
});
