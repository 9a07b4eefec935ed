import type { RegionId } from '../../domain/ids.ts';
import { MAX_TAGS_PER_RESOURCE } from '../../domain/tag.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { ECS_VERSION, owners, pageNumber, regionId } from './shared/parameters.ts';
import { tag } from './shared/tag-parameters.ts';
import { faultOfKeys } from './shared/tag-request.ts';
import { findTagged, isTaggedType, resourceType } from './shared/tagged-resources.ts';
import { COUNTED_TYPES, viewTypeCounts, typeCounts } from './shared/type-counts.ts';

const DEFAULT_PAGE = 50;

export const DescribeTags = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeTags',
  kind: 'read',
  docs: {
    summary:
      'Lists the tags in use, and on how many resources of each type; the older form of ListTagResources.',
    notes:
      'With a `ResourceId` the tags of that resource; an id that does not exist has none. With `Tag.N` only those tags. In order of key and value.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    ResourceType: optional(resourceType('MissingParameter')),
    ResourceId: optional(
      string({
        description: 'Id of the resource; of a key pair its name. Needs the ResourceType.',
        maxLength: 128,
      }),
    ),
    Tag: optional(
      list(tag, {
        description: 'Tags, N from 1 to 20; a key alone stands for each of its values.',
        maxItems: MAX_TAGS_PER_RESOURCE,
        tooMany: 'InvalidTagCount',
      }),
    ),
    Category: optional(string({ withoutEffect: 'Undocumented; there is one kind of tags here.' })),
    PageNumber: pageNumber,
    PageSize: optional(
      integer({
        description: 'Entries a page, 1 to 100; more is answered as 100.',
        minimum: 1,
        maximum: 100,
        clamp: true,
        default: DEFAULT_PAGE,
      }),
    ),
    ...owners,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    Tags: object({
      Tag: list(
        object({ TagKey: string(), TagValue: string(), ResourceTypeCount: object(typeCounts) }),
      ),
    }),
  }),
  errors: {
    MissingParameter: 400,
    InvalidTagCount: 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeTags', resource: ({ ResourceType = '*' }) => `${ResourceType}/*` },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'image',
      ResourceId: 'm-bp1ejhb4r1lyu55t0def',
    },
    response: { PageNumber: 1, PageSize: 50, TotalCount: 0, Tags: { Tag: [] } },
  },
  async handler(ctx, input) {
    const { PageNumber = 1, PageSize = DEFAULT_PAGE, ResourceType, ResourceId, Tag = [] } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    if (ResourceId !== undefined && ResourceType === undefined)
      throw ctx.fail('MissingParameter', { parameter: 'ResourceType' });
    const tags = Tag.map(({ Key = '', Value }) => ({ tagKey: Key, ...given({ tagValue: Value }) }));
    const bad = faultOfKeys(
      tags.map(({ tagKey }) => tagKey),
      (position) => `Tag.${position}.Key`,
    );
    if (bad?.fault === 'InvalidTagKey.Malformed')
      throw ctx.fail(bad.fault, { parameter: bad.parameter });
    const nothing = { PageNumber, PageSize, TotalCount: 0, Tags: { Tag: [] } };
    if (ResourceType !== undefined && !isTaggedType(ResourceType)) return nothing;
    const [resource] =
      ResourceType !== undefined && ResourceId !== undefined
        ? ((await findTagged(ctx, scope, ResourceType, [ResourceId])) ?? [])
        : [];
    if (ResourceId !== undefined && resource === undefined) return nothing;

    const { total, rows } = await ctx.tx.tagUses(
      scope,
      {
        tags,
        resourceTypes: ResourceType === undefined ? COUNTED_TYPES : [ResourceType],
        ...given({ resourceId: resource?.resourceId }),
      },
      { limit: PageSize, offset: (PageNumber - 1) * PageSize },
    );
    const Uses = rows.map(({ tagKey, tagValue, uses }) => ({
      TagKey: tagKey,
      TagValue: tagValue,
      ResourceTypeCount: viewTypeCounts(uses),
    }));
    return { PageNumber, PageSize, TotalCount: total, Tags: { Tag: Uses } };
  },
});
