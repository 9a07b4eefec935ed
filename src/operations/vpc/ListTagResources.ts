// Lists bindings of tags of networks by resource, by tag, or by both: as the ECS operation does, with
// this product's types and page sizes.
import type { RegionId } from '../../domain/ids.ts';
import { isTagValue } from '../../domain/tag.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from '../ecs/shared/given.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';
import { pageToken, queryHash, readPageToken } from '../ecs/shared/page-token.ts';
import { owners, regionId } from '../ecs/shared/parameters.ts';
import { tagsOfRequest } from '../ecs/shared/tag-parameters.ts';
import { faultOfKeys } from '../ecs/shared/tag-request.ts';
import { findNetworks, networkType, resourceIds, resourceType } from './shared/tagged-networks.ts';

const PAGE_ENTRIES = 50;

export const ListTagResources = defineOperation({
  product: 'vpc',
  version: VPC_VERSION,
  action: 'ListTagResources',
  kind: 'read',
  docs: {
    summary: 'Lists the tags of VPCs, vSwitches and addresses, by their ids, their tags, or both.',
    notes:
      'With `Tag.N` the resources that carry every one of these tags are listed with all their tags. A `NextToken` holds for the same query only. The codes are those of the ECS operation.',
  },
  input: object({
    RegionId: regionId('MissingParameter.RegionId'),
    ResourceType: resourceType,
    ResourceId: optional(resourceIds),
    Tag: optional(tagsOfRequest),
    MaxResults: optional(
      integer({
        description: 'Entries a page, 1 to 50; more is answered as 50.',
        minimum: 1,
        maximum: PAGE_ENTRIES,
        clamp: true,
        default: PAGE_ENTRIES,
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
          ResourceType: string({ description: 'As it was asked for.' }),
          TagKey: string(),
          TagValue: string(),
        }),
      ),
    }),
  }),
  errors: {
    'NumberExceed.ResourceIds': 400,
    'NumberExceed.Tags': 400,
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
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
    resource: ({ ResourceType }) => `${networkType(ResourceType)}/*`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ResourceType: 'VPC', 'Tag.1.Key': 'env' },
    response: { NextToken: '', TagResources: { TagResource: [] } },
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { NextToken, ResourceType, ResourceId, Tag = [], MaxResults = PAGE_ENTRIES } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    if (ResourceId === undefined && Tag.length === 0) throw ctx.fail('BothEmpty.TagsAndResources');
    const tags = Tag.map(({ Key: tagKey, Value }, i) => {
      if (tagKey === undefined) throw ctx.fail('InvalidParameter.TagValue');
      if (!isTagValue(Value ?? ''))
        throw ctx.fail('InvalidTagValue.Malformed', { parameter: `Tag.${i + 1}.Value` });
      return { tagKey, ...given({ tagValue: Value }) };
    });
    const keys = tags.map(({ tagKey }) => tagKey);
    const bad = faultOfKeys(keys, (position) => `Tag.${position}.Key`);
    if (bad !== undefined) throw ctx.fail(bad.fault, { parameter: bad.parameter });
    const type = networkType(ResourceType);
    const query = queryHash('VpcListTagResources', scope, type, ResourceId, tags);
    const position =
      NextToken === undefined ? [] : readPageToken(NextToken, query, ['string', 'string']);
    if (position === undefined) throw ctx.fail('Invalid.NextToken');
    const found = ResourceId && (await findNetworks(ctx, scope, type, ResourceId));
    if (ResourceId !== undefined && found === undefined)
      throw ctx.fail('InvalidResourceId.NotFound');

    const [resourceId, tagKey] = position;
    const after =
      resourceId === undefined || tagKey === undefined ? undefined : { resourceId, tagKey };
    const rows = await ctx.tx.tagBindings(scope, {
      resourceType: type,
      tags,
      ...given({ resourceIds: found?.map((one) => one.resourceId), after }),
      limit: MaxResults + 1,
    });
    const page = rows.slice(0, MaxResults);
    const last = rows.length > MaxResults ? page.at(-1) : undefined;
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
