import { eachOf } from '../../domain/policy/thing.ts';
import { removeTags } from '../../domain/tagging.ts';
import type { RegionId } from '../../domain/ids.ts';
import { MAX_TAGS_PER_RESOURCE } from '../../domain/tag.ts';
import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';
import { owners, regionId } from '../ecs/shared/parameters.ts';
import { faultOfKeys } from '../ecs/shared/tag-request.ts';
import { resourceIds } from '../ecs/shared/tagged-resources.ts';
import { findTaggedNetworks, networkType } from './shared/tagged-networks.ts';

export const UnTagResources = defineOperation({
  product: 'vpc',
  version: VPC_VERSION,
  action: 'UnTagResources',
  kind: 'write',
  docs: {
    summary: 'Removes tags from up to 50 VPCs, vSwitches or elastic addresses.',
    notes:
      'All or nothing. A key that a resource does not carry is no error; with neither `TagKey.N` nor `All` nothing is removed.',
  },
  input: object({
    RegionId: regionId('MissingParameter.RegionId'),
    ResourceType: networkType,
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
  cannotOccur: {},
  access: {
    action: 'vpc:UnTagResources',
    resource: (input) => eachOf(input.ResourceType, input.ResourceId),
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
    if (All && keys.length > 0) throw ctx.fail('Param.Conflict');
    const bad = faultOfKeys(keys, (position) => `TagKey.${position}`);
    if (bad !== undefined) throw ctx.fail(bad.fault, { parameter: bad.parameter });
    const found = await findTaggedNetworks(ctx, scope, input.ResourceType, input.ResourceId);
    if (found === undefined) throw ctx.fail('InvalidResourceId.NotFound');
    for (const resource of found)
      await removeTags(ctx.tx, resource, ({ tagKey }) => All || keys.includes(tagKey));
    return {};
  },
});
