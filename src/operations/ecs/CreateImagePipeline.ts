import type { RegionId } from '../../domain/ids.ts';
import { acceptResource } from '../../domain/resource-lifecycle.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { because } from './shared/because.ts';
import { NO_BUILD_MACHINE } from './shared/builder-parameters.ts';
import { requireCreationTags } from './shared/creation-tags.ts';
import { ECS_VERSION } from './shared/parameters.ts';
import { pipelineAsked } from './shared/pipeline-asked.ts';
import { createPipelineInput } from './shared/pipeline-parameters.ts';
import { createPipelineErrors, pipelineDetail } from './shared/pipeline-request.ts';
import { requireResourceGroup } from './shared/resource-group.ts';

export const CreateImagePipeline = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateImagePipeline',
  kind: 'write',
  docs: {
    summary: 'Keeps how images are made: of which base image, for which family, regions, accounts.',
    notes: `${NO_BUILD_MACHINE} A pipeline with commands is kept as it is, and StartImagePipelineExecution refuses it. What an execution does: it takes the base image as it is then, makes an image of the same bytes, copies it to ToRegionId, and then, at once, shares all and puts them into ImageFamily. Repairs and the base image type OSS are refused here.`,
  },
  input: createPipelineInput,
  output: object({ ImagePipelineId: string() }),
  errors: createPipelineErrors,
  cannotOccur: {
    ...because('The base image type OSS is refused, and with it ImportImageOptions.', [
      '400 InvalidOperation.DiskImageSizeExceeded',
      '400 InvalidParameter.ImportImageOptions',
      '403 InvalidOSSObject.NeedRestore',
      '403 InvalidOSSObject.NotAuthorized',
      '403 InvalidOperation.NoRightAccessOSS',
      '403 InvalidOperation.OSSObjectIsImporting',
      '404 MissingParameter.ImageOptionsDiskDeviceMappings',
      '404 MissingParameter.ImportImageOptions',
      '404 MissingParameter.ImportImageOptionsOSSBucket',
      '404 MissingParameter.ImportImageOptionsOSSObject',
    ]),
    '400 InvalidImage.ImageOwnerAliasUnsupported':
      'Own, shared, published and public images are taken; an execution refuses the last.',
    '400 InvalidSourceInstance.NotFound': 'No instance is named.',
    '400 NoPermission': 'A base image that the caller does not see is not found.',
    '403 InvalidOperation.NoPermissionCreateServiceLinkedRole': 'No service role is needed here.',
  },
  access: { action: 'ecs:CreateImagePipeline', resource: pipelineAsked },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      Name: 'nightly',
      BaseImageType: 'IMAGE_FAMILY',
      BaseImage: 'hangzhou-daily-update',
      'ImageOptions.ImageName': 'web',
      'ImageOptions.ImageFamily': 'web-released',
      'ToRegionId.1': 'cn-beijing',
    },
    response: { ImagePipelineId: 'ip-bp15tsl5bp6nf2b3x7q0' },
  },
  async handler(ctx, wanted) {
    const { tx, nowMs } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: wanted.RegionId as RegionId };
    const detail = await pipelineDetail(ctx, scope, wanted);
    const tags = requireCreationTags(ctx, wanted.Tag);
    const kind = { resourceType: 'imagepipeline' } as const;
    const { total } = await tx.resources(scope, kind, { limit: 0, offset: 0 }, nowMs);
    if (total >= ctx.settings.quotas.builderRecords) throw ctx.fail('QuotaExceed.ImagePipeline');
    const resourceId = ctx.newId('ip-', scope.regionId);
    const group = await requireResourceGroup(ctx, wanted.ResourceGroupId);
    const place = { parentId: '', imageId: '', resourceGroupId: group };
    const named = { resourceId, resourceName: wanted.Name ?? resourceId, status: 'Available' };
    await acceptResource(tx, { ...scope, ...kind, ...place, ...named, detail }, tags);
    return { ImagePipelineId: resourceId };
  },
});
