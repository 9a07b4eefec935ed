import { eachOf } from '../../domain/policy/thing.ts';
import { setTags } from '../../domain/tagging.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';
import { owners, regionId } from '../ecs/shared/parameters.ts';
import { tagsOfRequest } from '../ecs/shared/tag-parameters.ts';
import { tagsToSet } from '../ecs/shared/tag-request.ts';
import { resourceIds } from '../ecs/shared/tagged-resources.ts';
import { findTaggedNetworks, networkType } from './shared/tagged-networks.ts';

export const TagResources = defineOperation({
  product: 'vpc',
  version: VPC_VERSION,
  action: 'TagResources',
  kind: 'write',
  docs: {
    summary: 'Sets tags on up to 50 VPCs, vSwitches or elastic addresses.',
    notes: 'All or nothing; a key that is there gets the new value.',
  },
  input: object({
    RegionId: regionId('MissingParameter.RegionId'),
    ResourceType: networkType,
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
  cannotOccur: {},
  access: {
    action: 'vpc:TagResources',
    resource: (input) => eachOf(input.ResourceType, input.ResourceId),
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'VPC',
      'ResourceId.1': 'vpc-bp1ejhb4r1lyu55t0abc',
      'Tag.1.Key': 'env',
      'Tag.1.Value': 'prod',
    },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const wanted = tagsToSet(input.Tag);
    if ('fault' in wanted) throw ctx.fail(wanted.fault, { parameter: wanted.parameter });
    const found = await findTaggedNetworks(ctx, scope, input.ResourceType, input.ResourceId);
    if (found === undefined) throw ctx.fail('InvalidResourceId.NotFound');
    for (const resource of found)
      if (!(await setTags(ctx.tx, scope, resource, wanted.tags)))
        throw ctx.fail('QuotaExceed.Tags');
    return {};
  },
});
