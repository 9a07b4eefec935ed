import { eachOf } from '../../domain/policy/thing.ts';
import type { RegionId } from '../../domain/ids.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from '../ecs/shared/given.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';
import { pageToken, queryHash, readPageToken } from '../ecs/shared/page-token.ts';
import { owners, regionId } from '../ecs/shared/parameters.ts';
import { tagsOfRequest } from '../ecs/shared/tag-parameters.ts';
import { resourceIds } from '../ecs/shared/tagged-resources.ts';
import { findTaggedNetworks, kindOf, networkType } from './shared/tagged-networks.ts';

export const ListTagResources = defineOperation({
  product: 'vpc',
  version: VPC_VERSION,
  action: 'ListTagResources',
  kind: 'read',
  docs: {
    summary: 'Lists the tags of VPCs, vSwitches or elastic addresses, by id, by tag, or by both.',
    notes:
      'With `Tag.N` the resources that carry every one of these tags are listed with all their tags. A `NextToken` holds for the same query only.',
  },
  input: object({
    RegionId: regionId('MissingParameter.RegionId'),
    ResourceType: networkType,
    ResourceId: optional(resourceIds),
    Tag: optional(tagsOfRequest),
    MaxResults: optional(
      integer({
        description: 'Entries a page, 1 to 50.',
        minimum: 1,
        maximum: 50,
        clamp: true,
        default: 50,
      }),
    ),
    NextToken: optional(
      string({
        description: 'From the page before.',
        maxLength: 2048,
        invalid: 'Invalid.NextToken',
      }),
    ),
    ...owners,
  }),
  output: object({
    NextToken: string({ description: 'Empty on the last page.' }),
    TagResources: object({
      TagResource: list(
        object({
          ResourceId: string(),
          ResourceType: string(),
          TagKey: string(),
          TagValue: string(),
        }),
      ),
    }),
  }),
  errors: {
    'NumberExceed.ResourceIds': 400,
    'NumberExceed.Tags': 400,
    'InvalidParameter.TagValue': 400,
    'BothEmpty.TagsAndResources': 403,
    'Invalid.NextToken': 403,
    'InvalidRegionId.NotFound': 404,
    'MissingParameter.RegionId': 404,
    'MissingParameter.ResourceType': 404,
    'InvalidResourceId.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'vpc:ListTagResources',
    resource: (input) => eachOf(input.ResourceType, input.ResourceId),
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'VPC',
      'ResourceId.1': 'vpc-bp1ejhb4r1lyu55t0abc',
    },
    response: { NextToken: '', TagResources: { TagResource: [] } },
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { ResourceType, ResourceId, Tag = [], NextToken, MaxResults: limit = 50 } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    if (ResourceId === undefined && Tag.length === 0) throw ctx.fail('BothEmpty.TagsAndResources');
    const tags = Tag.map(({ Key, Value }) => {
      if (Key === undefined) throw ctx.fail('InvalidParameter.TagValue');
      return { tagKey: Key, ...given({ tagValue: Value }) };
    });
    const query = queryHash('vpc ListTagResources', scope, ResourceType, ResourceId, tags);
    const position =
      NextToken === undefined ? [] : readPageToken(NextToken, query, ['string', 'string']);
    if (position === undefined) throw ctx.fail('Invalid.NextToken');
    const found = ResourceId && (await findTaggedNetworks(ctx, scope, ResourceType, ResourceId));
    if (ResourceId !== undefined && found === undefined)
      throw ctx.fail('InvalidResourceId.NotFound');
    const resourceType = kindOf(ResourceType);
    if (resourceType === undefined) return { NextToken: '', TagResources: { TagResource: [] } };
    const [resourceId, tagKey] = position;
    const after =
      resourceId === undefined || tagKey === undefined ? undefined : { resourceId, tagKey };
    const rows = await ctx.tx.tagBindings(scope, {
      resourceType,
      tags,
      ...given({ resourceIds: found?.map((one) => one.resourceId), after }),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      NextToken: last === undefined ? '' : pageToken(query, [last.resourceId, last.tagKey]),
      TagResources: {
        TagResource: page.map((row) => ({
          ResourceId: row.resourceId,
          ResourceType,
          TagKey: row.tagKey,
          TagValue: row.tagValue,
        })),
      },
    };
  },
});
