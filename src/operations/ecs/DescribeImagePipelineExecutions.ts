import {
  asExecution,
  EXECUTION_STATUSES,
  type ExecutionStatus,
} from '../../domain/image-pipeline-execution.ts';
import type { RegionId } from '../../domain/ids.ts';
import type { Resource } from '../../domain/resource.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { list, object, optional, string, type Static } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { builderPage, pagingAnswer, tokenPaging } from './shared/builder-page.ts';
import { given } from './shared/given.ts';
import { tagsView, viewTags } from './shared/network-parameters.ts';
import { ECS_VERSION, owners, regionId, tagList } from './shared/parameters.ts';
import { tagFilters } from './shared/tag-filters.ts';

const executionSchema = object({
  CreationTime: string({ description: 'UTC, whole seconds.' }),
  ErrorCode: string({ description: 'Empty unless it failed.' }),
  ErrorInfo: string({ description: 'As Message, when it failed.' }),
  ExecutionId: string(),
  ImageId: string({ description: 'Of the region of the pipeline; empty until the image exists.' }),
  ImagePipelineId: string(),
  Message: string({ description: 'Why it ended as it did; empty after a plain success.' }),
  ModifiedTime: string({ description: 'UTC, whole seconds.' }),
  ResourceGroupId: string(),
  Status: string({
    description:
      'PREPARING, BUILDING, DISTRIBUTING, then SUCCESS, PARTITION_SUCCESS (the image is there, a copy or a share is not), FAILED or CANCELLED.',
  }),
  Tags: tagsView,
});

const viewExecution = (resource: Resource): Static<typeof executionSchema> => {
  const { detail } = asExecution(resource);
  return {
    ExecutionId: resource.resourceId,
    ImagePipelineId: resource.parentId,
    Status: resource.status,
    ImageId: detail.images[0]?.imageId ?? '',
    Message: detail.message,
    ErrorCode: detail.errorCode,
    ErrorInfo: detail.errorCode === '' ? '' : detail.message,
    CreationTime: formatSeconds(resource.creationMs),
    ModifiedTime: formatSeconds(detail.modifiedMs),
    ResourceGroupId: resource.resourceGroupId,
    Tags: viewTags(resource.tags),
  };
};

const isStatus = (text: string): text is ExecutionStatus =>
  EXECUTION_STATUSES.some((status) => status === text);

export const DescribeImagePipelineExecutions = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeImagePipelineExecutions',
  kind: 'read',
  docs: {
    summary: 'Lists executions of an image pipeline, newest first, or shows one.',
    notes: 'Filters combine with AND; one of ImagePipelineId and ExecutionId must be given.',
  },
  input: object({
    RegionId: regionId(),
    ImagePipelineId: optional(string({ maxLength: 128, invalid: 'InvalidImagePipeline.NotFound' })),
    ExecutionId: optional(string({ maxLength: 128 })),
    Status: optional(
      string({
        description: 'Statuses, separated by commas.',
        maxLength: 256,
        invalid: 'InvalidParameter.Status',
      }),
    ),
    Tag: tagList('InvalidTagCount'),
    ...tokenPaging,
    ...owners,
  }),
  output: object({
    ...pagingAnswer,
    ImagePipelineExecution: object({ ImagePipelineExecutionSet: list(executionSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    InvalidParameter: 400,
    'InvalidTag.Mismatch': 400,
    InvalidTagCount: 400,
    'InvalidParameter.Status': 400,
    'MissingParameter.ImagePipelineId': 400,
    'Invalid.NextToken': 403,
    'InvalidImagePipeline.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: { '400 InvalidExecutionId.SizeExceeded': 'ExecutionId takes one id.' },
  access: {
    action: 'ecs:DescribeImagePipelineExecutions',
    resource: ({ ImagePipelineId }) => `imagepipeline/${ImagePipelineId ?? '*'}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ExecutionId: 'exec-bp1b8facb8ed7427c04f' },
    response: {
      MaxResults: 50,
      NextToken: '',
      TotalCount: 0,
      ImagePipelineExecution: { ImagePipelineExecutionSet: [] },
    },
  },
  async handler(ctx, input) {
    const { MaxResults, NextToken, ...query } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const { ImagePipelineId: parentId, ExecutionId } = query;
    const statuses = query.Status?.split(',').map((text) => text.trim());
    if (statuses?.every(isStatus) === false) throw ctx.fail('InvalidParameter.Status');
    const tags = tagFilters(query.Tag ?? []);
    if ('fault' in tags) throw ctx.fail(tags.fault, { parameter: tags.parameter });
    if (parentId === undefined && ExecutionId === undefined)
      throw ctx.fail('MissingParameter.ImagePipelineId');
    if (parentId !== undefined)
      if ((await ctx.tx.resource(scope, 'imagepipeline', parentId, ctx.nowMs)) === undefined)
        throw ctx.fail('InvalidImagePipeline.NotFound');
    const filter = {
      resourceType: 'imagepipelineexecution' as const,
      tags: tags.tags,
      ...given({
        parentId,
        statuses,
        resourceIds: ExecutionId === undefined ? undefined : [ExecutionId],
      }),
    };
    const paging = given({ MaxResults, NextToken });
    const identity = ['DescribeImagePipelineExecutions', query];
    const { rows, answer } = await builderPage(ctx, scope, { filter }, paging, identity);
    const set = { ImagePipelineExecutionSet: rows.map(viewExecution) };
    return { ...answer, ImagePipelineExecution: set };
  },
});
