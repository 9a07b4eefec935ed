import type { RegionId } from '../../domain/ids.ts';
import { MAX_TAGS_PER_RESOURCE } from '../../domain/tag.ts';
import { removeTags } from '../../domain/tagging.ts';
import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';
import { owners, regionId } from '../ecs/shared/parameters.ts';
import { faultOfKeys } from '../ecs/shared/tag-request.ts';
import { findNetworks, networkType, resourceIds, resourceType } from './shared/tagged-networks.ts';

export const UnTagResources = defineOperation({
  product: 'vpc',
  version: VPC_VERSION,
  action: 'UnTagResources',
  kind: 'write',
  docs: {
    summary: 'Removes tags from up to 50 VPCs, vSwitches or addresses.',
    notes:
      'All or nothing. A key that a resource does not carry is no error; `All` removes every tag when no `TagKey.N` is given, and has no effect beside one.',
  },
  input: object({
    RegionId: regionId('MissingParameter.RegionId'),
    ResourceType: resourceType,
    ResourceId: resourceIds,
    TagKey: optional(
      list(string({ invalid: 'InvalidTagKey.Malformed' }), {
        description: 'Keys of the tags to remove, N from 1 to 20.',
        maxItems: MAX_TAGS_PER_RESOURCE,
        tooMany: 'NumberExceed.Tags',
      }),
    ),
    All: optional(boolean({ description: 'Remove every tag; only without TagKey.N.' })),
    ...owners,
  }),
  output: object({}),
  errors: {
    'NumberExceed.ResourceIds': 400,
    'NumberExceed.Tags': 400,
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
    'MissingParameter.RegionId': 404,
    'MissingParameter.ResourceType': 404,
    'MissingParameter.ResourceIds': 404,
    'InvalidResourceId.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'vpc:UnTagResources',
    resource: ({ ResourceType }) => `${networkType(ResourceType)}/*`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'VPC',
      'ResourceId.1': 'vpc-bp1ejhb4r1lyu55t0abc',
      'TagKey.1': 'env',
    },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const { TagKey: keys = [], All = false } = input;
    const bad = faultOfKeys(keys, (position) => `TagKey.${position}`);
    if (bad !== undefined) throw ctx.fail(bad.fault, { parameter: bad.parameter });
    const type = networkType(input.ResourceType);
    const resources = await findNetworks(ctx, scope, type, input.ResourceId);
    if (resources === undefined) throw ctx.fail('InvalidResourceId.NotFound');

    const isEveryTag = All && keys.length === 0;
    for (const resource of resources)
      await removeTags(ctx.tx, resource, ({ tagKey }) => isEveryTag || keys.includes(tagKey));
    return {};
  },
});
