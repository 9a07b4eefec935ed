import type { RegionId } from '../../domain/ids.ts';
import { isResourceName } from '../../domain/naming.ts';
import { keptGroupId } from '../../domain/resource-group.ts';
import { list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { builderPage, idList, pagingAnswer, tokenPaging } from './shared/builder-page.ts';
import { groupFilter } from './shared/builder-parameters.ts';
import { given } from './shared/given.ts';
import { ECS_VERSION, owners, regionId, tagList } from './shared/parameters.ts';
import { pipelineSchema, viewPipeline } from './shared/pipeline-view.ts';
import { tagFilters } from './shared/tag-filters.ts';

export const DescribeImagePipelines = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeImagePipelines',
  kind: 'read',
  docs: {
    summary: 'Lists image pipelines, newest first.',
    notes: 'Filters combine with AND.',
  },
  input: object({
    RegionId: regionId(),
    ImagePipelineId: idList(
      'Only these pipelines, N from 1 to 20.',
      'InvalidImagePipelineIdSize.ExceededMaxNumber',
    ),
    Name: optional(
      string({
        description: 'The exact name.',
        maxLength: 128,
        invalid: 'InvalidName.Malformed',
      }),
    ),
    ResourceGroupId: groupFilter,
    Tag: tagList('InvalidTagCount'),
    ...tokenPaging,
    ...owners,
  }),
  output: object({
    ...pagingAnswer,
    ImagePipeline: object({ ImagePipelineSet: list(pipelineSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    InvalidParameter: 400,
    'InvalidTag.Mismatch': 400,
    InvalidTagCount: 400,
    'InvalidName.Malformed': 400,
    'InvalidImagePipelineIdSize.ExceededMaxNumber': 400,
    'Invalid.NextToken': 403,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeImagePipelines', resource: () => 'imagepipeline/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', Name: 'nightly' },
    response: {
      MaxResults: 50,
      NextToken: '',
      TotalCount: 0,
      ImagePipeline: { ImagePipelineSet: [] },
    },
  },
  async handler(ctx, input) {
    const { MaxResults, NextToken, ...query } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    if (query.Name !== undefined && !isResourceName(query.Name))
      throw ctx.fail('InvalidName.Malformed');
    const tags = tagFilters(query.Tag ?? []);
    if ('fault' in tags) throw ctx.fail(tags.fault, { parameter: tags.parameter });
    const { ResourceGroupId: group } = query;
    const filter = {
      resourceType: 'imagepipeline' as const,
      tags: tags.tags,
      ...given({
        resourceIds: query.ImagePipelineId,
        resourceName: query.Name,
        resourceGroupId: group === undefined ? undefined : keptGroupId(scope.accountId, group),
      }),
    };
    const paging = given({ MaxResults, NextToken });
    const identity = ['DescribeImagePipelines', query];
    const { rows, answer } = await builderPage(ctx, scope, { filter }, paging, identity);
    return { ...answer, ImagePipeline: { ImagePipelineSet: rows.map(viewPipeline) } };
  },
});
