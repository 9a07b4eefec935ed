// Lists bindings of tags by resource, by tag, or by both. Pages have a fixed size and are walked by
// keyset in order of (ResourceId, TagKey).
import { eachOf } from '../../domain/policy/thing.ts';
import { list, object, optional, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import { isTagValue } from '../../domain/tag.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { pageToken, queryHash, readPageToken } from './shared/page-token.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';
import { NO_TAG_OWNERS, tagsOfRequest } from './shared/tag-parameters.ts';
import { faultOfKeys } from './shared/tag-request.ts';
import {
  findTagged,
  isTaggedType,
  resourceIds,
  resourceType,
  shownIds,
} from './shared/tagged-resources.ts';

const PAGE_ENTRIES = 50;
const RESOURCE_GROUP_KEY = 'acs:rm:rgId';
const NO_FUZZY = 'TagFilter is refused as a whole, whatever stands in it.';
const NEEDS_ONE = 'ResourceId or Tag is enough; without both the code for that case is answered.';

export const ListTagResources = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ListTagResources',
  kind: 'read',
  docs: {
    summary: 'Lists the tags of resources, found by their ids, their tags, or both.',
    notes:
      'With `Tag.N` the resources that carry every one of these tags are listed with all their tags. A page has 50 entries; a `NextToken` holds for the same query only. Fuzzy search (`TagFilter.N`) is refused, as the vendor refuses it to most callers, and so is the search by resource group (`acs:rm:rgId`).',
  },
  input: object({
    RegionId: regionId('MissingParameter.RegionId'),
    ResourceType: resourceType(),
    ResourceId: optional(resourceIds),
    Tag: optional(tagsOfRequest),
    TagFilter: optional(
      list(object({ TagKey: optional(string()), TagValues: optional(list(string())) }), {
        description: 'Refused with `PermissionDenied.TagsFuzzyQuery`: fuzzy search is not open.',
        maxItems: 5,
        invalid: 'PermissionDenied.TagsFuzzyQuery',
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
    'Duplicate.TagKey': 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'InvalidParameter.TagValue': 400,
    'InvalidTag.NotSupported': 400,
    'BothEmpty.TagsAndResources': 403,
    'PermissionDenied.TagsFuzzyQuery': 403,
    'Invalid.NextToken': 403,
    'InvalidRegionId.NotFound': 404,
    'MissingParameter.RegionId': 404,
    'MissingParameter.ResourceType': 404,
    'InvalidResourceId.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {
    ...NO_TAG_OWNERS,
    '400 InvalidDefaultResourceGroup.NotSupported':
      'The search by resource group is refused for every group.',
    '400 InvalidTag.Mismatch': 'A value without its key has a code of its own in this operation.',
    '400 InvalidTagCount': 'Too many tags are answered with the code for the number of tags.',
    '400 InvalidTags.MalFormed': 'The codes for keys and values say what is wrong with a tag.',
    '400 OperationDenied.QuotaExceed': 'Reading tags uses up no quota.',
    '403 InvalidFilter.Malformed': NO_FUZZY,
    '403 InvalidTagFilter.Malformed': NO_FUZZY,
    '403 NumberExceed.TagValues': NO_FUZZY,
    '404 MissingParameter.ResourceIds': NEEDS_ONE,
    '404 MissingParameter.Tags': NEEDS_ONE,
    '500 InternalError':
      'The gateway answers it for a bug in any operation; none raises it itself.',
    '500 ServiceUnavailable': 'The gateway answers it for any operation while the server stops.',
  },
  access: {
    action: 'ecs:ListTagResources',
    resource: (input) => eachOf(input.ResourceType, input.ResourceId),
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'image',
      'Tag.1.Key': 'env',
      'Tag.1.Value': 'prod',
    },
    response: { NextToken: '', TagResources: { TagResource: [] } },
  },
  async handler(ctx, input) {
    const { NextToken, ResourceType, ResourceId, Tag = [], TagFilter, ...rest } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    if (TagFilter !== undefined) throw ctx.fail('PermissionDenied.TagsFuzzyQuery');
    if (ResourceId === undefined && Tag.length === 0) throw ctx.fail('BothEmpty.TagsAndResources');
    const tags = Tag.map(({ Key, Value }) => {
      if (Key === undefined) throw ctx.fail('InvalidParameter.TagValue');
      if (Key === RESOURCE_GROUP_KEY) throw ctx.fail('InvalidTag.NotSupported');
      return { tagKey: Key, ...given({ tagValue: Value }) };
    });
    const bad = faultOfKeys(
      tags.map((tag) => tag.tagKey),
      (position) => `Tag.${position}.Key`,
    );
    if (bad !== undefined) throw ctx.fail(bad.fault, { parameter: bad.parameter });
    const badValue = tags.findIndex((tag) => !isTagValue(tag.tagValue ?? ''));
    if (badValue >= 0)
      throw ctx.fail('InvalidTagValue.Malformed', { parameter: `Tag.${badValue + 1}.Value` });
    const query = queryHash('ListTagResources', scope, ResourceType, ResourceId, tags, rest);
    const position =
      NextToken === undefined ? [] : readPageToken(NextToken, query, ['string', 'string']);
    if (position === undefined) throw ctx.fail('Invalid.NextToken');
    const found = ResourceId && (await findTagged(ctx, scope, ResourceType, ResourceId));
    if (ResourceId !== undefined && found === undefined)
      throw ctx.fail('InvalidResourceId.NotFound');
    if (!isTaggedType(ResourceType)) return { NextToken: '', TagResources: { TagResource: [] } };

    const [resourceId, tagKey] = position;
    const after =
      resourceId === undefined || tagKey === undefined ? undefined : { resourceId, tagKey };
    const rows = await ctx.tx.tagBindings(scope, {
      resourceType: ResourceType,
      tags,
      ...given({ resourceIds: found?.map((one) => one.resourceId), after }),
      limit: PAGE_ENTRIES + 1,
    });
    const page = rows.slice(0, PAGE_ENTRIES);
    const last = rows.length > PAGE_ENTRIES ? page.at(-1) : undefined;
    const shownId = await shownIds(ctx, scope, ResourceType, page);
    return {
      NextToken: last === undefined ? '' : pageToken(query, [last.resourceId, last.tagKey]),
      TagResources: {
        TagResource: page.map((row) => ({
          ResourceId: shownId(row.resourceId),
          ResourceType,
          TagKey: row.tagKey,
          TagValue: row.tagValue,
        })),
      },
    };
  },
});
