import {
  asImageComponent,
  COMPONENT_TYPES,
  isVersionPattern,
  matchesVersion,
  SYSTEM_TYPES,
} from '../../domain/image-component.ts';
import type { RegionId } from '../../domain/ids.ts';
import { keptGroupId } from '../../domain/resource-group.ts';
import type { Resource } from '../../domain/resource.ts';
import { choice, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { builderPage, idList, pagingAnswer, tokenPaging } from './shared/builder-page.ts';
import { groupFilter } from './shared/builder-parameters.ts';
import { componentSchema, viewComponent } from './shared/component-view.ts';
import { given } from './shared/given.ts';
import { ECS_VERSION, owners, regionId, tagList } from './shared/parameters.ts';
import { tagFilters } from './shared/tag-filters.ts';

export const DescribeImageComponents = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeImageComponents',
  kind: 'read',
  docs: {
    summary: 'Lists image components, newest first.',
    notes: 'Filters combine with AND. No component of the vendor exists here.',
  },
  input: object({
    RegionId: regionId(),
    ImageComponentId: idList(
      'Only these components, N from 1 to 20.',
      'InvalidImageComponentIdSize.ExceededMaxNumber',
    ),
    Name: optional(string({ description: 'The exact name.', maxLength: 128 })),
    ComponentVersion: optional(
      string({
        description:
          'With Name alone, ignored without it: a version, in which parts may be `*` (`1.0.*`).',
        maxLength: 32,
        invalid: 'InvalidParameter.ComponentVersion',
      }),
    ),
    ComponentType: optional(
      choice(COMPONENT_TYPES, { invalid: 'InvalidComponentType.NotSupportedValue' }),
    ),
    SystemType: optional(choice(SYSTEM_TYPES, { invalid: 'InvalidSystemType.NotSupportedValue' })),
    Owner: optional(
      choice(['SELF', 'ALIYUN'], {
        description: 'SELF: your own, which is all there are; ALIYUN matches nothing.',
        invalid: 'InvalidParameter.Owner',
      }),
    ),
    ResourceGroupId: groupFilter,
    Tag: tagList('InvalidTagCount'),
    ...tokenPaging,
    ...owners,
  }),
  output: object({
    ...pagingAnswer,
    ImageComponent: object({ ImageComponentSet: list(componentSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    InvalidParameter: 400,
    'InvalidTag.Mismatch': 400,
    InvalidTagCount: 400,
    'InvalidComponentType.NotSupportedValue': 400,
    'InvalidImageComponentIdSize.ExceededMaxNumber': 400,
    'InvalidParameter.ComponentVersion': 400,
    'InvalidParameter.Owner': 400,
    'InvalidSystemType.NotSupportedValue': 400,
    'Invalid.NextToken': 403,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeImageComponents', resource: () => 'imagecomponent/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', Name: 'nginx', ComponentVersion: '1.*.*' },
    response: {
      MaxResults: 50,
      NextToken: '',
      TotalCount: 0,
      ImageComponent: { ImageComponentSet: [] },
    },
  },
  async handler(ctx, input) {
    const { MaxResults, NextToken, ...query } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const { Name, ComponentType, SystemType, Owner } = query;
    const version = Name === undefined ? undefined : query.ComponentVersion;
    if (version !== undefined && !isVersionPattern(version))
      throw ctx.fail('InvalidParameter.ComponentVersion');
    const tags = tagFilters(query.Tag ?? []);
    if ('fault' in tags) throw ctx.fail(tags.fault, { parameter: tags.parameter });
    const fits = (resource: Resource): boolean => {
      const { detail } = asImageComponent(resource);
      return (
        (ComponentType === undefined || detail.componentType === ComponentType) &&
        (SystemType === undefined || detail.systemType === SystemType) &&
        (version === undefined || matchesVersion(detail.componentVersion, version)) &&
        Owner !== 'ALIYUN'
      );
    };
    const { ResourceGroupId: group } = query;
    const filter = {
      resourceType: 'imagecomponent' as const,
      tags: tags.tags,
      ...given({
        resourceIds: query.ImageComponentId,
        resourceName: Name,
        resourceGroupId: group === undefined ? undefined : keptGroupId(scope.accountId, group),
      }),
    };
    // All records are read only for what the store cannot filter by.
    const isPartial = [ComponentType, SystemType, version, Owner].some((by) => by !== undefined);
    const wanted = isPartial ? { filter, fits } : { filter };
    const paging = given({ MaxResults, NextToken });
    const identity = ['DescribeImageComponents', query];
    const { rows, answer } = await builderPage(ctx, scope, wanted, paging, identity);
    return { ...answer, ImageComponent: { ImageComponentSet: rows.map(viewComponent) } };
  },
});
