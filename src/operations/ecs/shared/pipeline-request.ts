// From the request of CreateImagePipeline to what the record keeps: the rules that the schema cannot say,
// the base image, the contents.
import type { ImagePipelineDetail } from '../../../domain/image-pipeline.ts';
import type { Image } from '../../../domain/image.ts';
import type { RegionId } from '../../../domain/ids.ts';
import {
  isDescription,
  isFamilyName,
  isImageName,
  isResourceName,
} from '../../../domain/naming.ts';
import type { Scope } from '../../../domain/tx.ts';
import { findByFamily, findVisible } from '../../../domain/visible.ts';
import type { Static } from '../../../lib/schema.ts';
import type { WriteContext } from '../../../operation.ts';
import { requireCreationTags } from './creation-tags.ts';
import { checkPipelineContent, pipelineContentErrors } from './pipeline-content.ts';
import type { createPipelineInput } from './pipeline-parameters.ts';

type Input = Static<typeof createPipelineInput>;

export const createPipelineErrors = {
  ...pipelineContentErrors,
  MissingRegionId: 400,
  MissingParameter: 400,
  InvalidParameter: 400,
  IdempotentParameterMismatch: 400,
  'InvalidName.Malformed': 400,
  'InvalidDescription.Malformed': 400,
  'InvalidImageName.Malformed': 400,
  'InvalidImageName.Duplicated': 400,
  'InvalidImageFamily.Malformed': 400,
  'InvalidImageOptions.Description': 400,
  'InvalidAdvancedOptions.ImageNameSuffix': 400,
  'InvalidBaseImageType.NotSupportedValue': 400,
  'InvalidSystemDiskSize.NotSupportedValue': 400,
  'InvalidInternetMaxBandwidthOut.NotSupportedValue': 400,
  'InvalidAddAccountSize.ExceededMaxNumber': 400,
  'InvalidToRegionIdSize.ExceededMaxNumber': 400,
  'InvalidParameter.RepairMode': 400,
  'InvalidImage.NotSupportRepair': 400,
  'InvalidParameter.NvmeSupport': 400,
  InvalidParameterCombination: 400,
  'QuotaExceed.ImagePipeline': 400,
  'Duplicate.TagKey': 400,
  'InvalidTagKey.Malformed': 400,
  'InvalidTagValue.Malformed': 400,
  'QuotaExceed.Tags': 403,
  'InvalidImage.NotFound': 404,
  'InvalidInstanceType.NotFound': 404,
  'InvalidVSwitchId.NotFound': 404,
  'InvalidRegionId.NotFound': 404,
  'InvalidResourceGroup.NotFound': 404,
  'MissingParameter.RepairMode': 404,
} as const;
type Context = WriteContext<keyof typeof createPipelineErrors>;

/** What is in the form of the request alone. */
const checkForm = (ctx: Context, wanted: Input): void => {
  const { Name, Description, ImageOptions, RepairMode, RepairItem } = wanted;
  if (wanted.ImportImageOptions !== undefined) throw ctx.fail('InvalidParameterCombination');
  if (RepairItem !== undefined && RepairMode === undefined)
    throw ctx.fail('MissingParameter.RepairMode');
  if (RepairMode !== undefined) throw ctx.fail('InvalidImage.NotSupportRepair');
  if (Name !== undefined && !isResourceName(Name)) throw ctx.fail('InvalidName.Malformed');
  if (Description !== undefined && !isDescription(Description))
    throw ctx.fail('InvalidDescription.Malformed');
  if (ImageOptions?.Description !== undefined && !isDescription(ImageOptions.Description))
    throw ctx.fail('InvalidImageOptions.Description');
  for (const name of [wanted.ImageName, ImageOptions?.ImageName])
    if (name !== undefined && !isImageName(name)) throw ctx.fail('InvalidImageName.Malformed');
  for (const family of [wanted.ImageFamily, ImageOptions?.ImageFamily])
    if (family !== undefined && !isFamilyName(family))
      throw ctx.fail('InvalidImageFamily.Malformed');
  for (const region of wanted.ToRegionId ?? [])
    if (!ctx.settings.regions.has(region)) throw ctx.fail('InvalidRegionId.NotFound');
};

/** The base image as of now; a family may have none yet, since it is resolved later. */
const baseImage = async (ctx: Context, wanted: Input): Promise<Image | undefined> => {
  const region = wanted.RegionId as RegionId; // checked by the pipeline
  const { BaseImageType, BaseImage } = wanted;
  if (BaseImageType === 'IMAGE') {
    const found = await findVisible(ctx.tx, ctx.caller, region, BaseImage, ctx.settings);
    if (found === undefined) throw ctx.fail('InvalidImage.NotFound');
    return found.image;
  }
  const found = await findByFamily(ctx.tx, ctx.caller, region, BaseImage, ctx.settings);
  if (found === 'malformed') throw ctx.fail('InvalidImageFamily.Malformed');
  return found?.image;
};

export const pipelineDetail = async (
  ctx: Context,
  scope: Scope,
  wanted: Input,
): Promise<ImagePipelineDetail> => {
  checkForm(ctx, wanted);
  const { tx } = ctx;
  const { ImageOptions, AdvancedOptions, SystemDiskSize, VSwitchId } = wanted;
  const base = await baseImage(ctx, wanted);
  if (base !== undefined && SystemDiskSize !== undefined && SystemDiskSize < base.sizeGib)
    throw ctx.fail('InvalidSystemDiskSize.NotSupportedValue');
  if (VSwitchId !== undefined)
    if ((await tx.resource(scope, 'vswitch', VSwitchId, ctx.nowMs)) === undefined)
      throw ctx.fail('InvalidVSwitchId.NotFound');
  const imageName = ImageOptions?.ImageName ?? wanted.ImageName ?? '';
  const isSuffixDisabled = AdvancedOptions?.ImageNameSuffix === 'disable';
  if (isSuffixDisabled && (await tx.imageByName(scope, imageName)) !== undefined)
    throw ctx.fail('InvalidImageName.Duplicated');
  const { BuildContent, TestContent } = wanted;
  const osType = base?.osType;
  return {
    description: wanted.Description ?? '',
    baseImageType: wanted.BaseImageType,
    baseImage: wanted.BaseImage,
    buildContent: BuildContent ?? '',
    testContent: TestContent ?? '',
    components: [
      ...(await checkPipelineContent(ctx, scope, BuildContent, 'Build', osType)),
      ...(await checkPipelineContent(ctx, scope, TestContent, 'Test', osType)),
    ],
    instanceType: wanted.InstanceType ?? '',
    vSwitchId: VSwitchId ?? '',
    internetMaxBandwidthOut: wanted.InternetMaxBandwidthOut ?? 0,
    deleteInstanceOnFailure: wanted.DeleteInstanceOnFailure ?? true,
    retainCloudAssistant: AdvancedOptions?.RetainCloudAssistant ?? false,
    systemDiskSize: SystemDiskSize ?? null,
    imageName,
    isSuffixDisabled,
    imageFamily: ImageOptions?.ImageFamily ?? wanted.ImageFamily ?? '',
    imageDescription: ImageOptions?.Description ?? '',
    imageTags: requireCreationTags(ctx, ImageOptions?.ImageTags),
    nvmeSupport: ImageOptions?.ImageFeatures?.NvmeSupport ?? wanted.NvmeSupport ?? '',
    addAccounts: [...new Set(wanted.AddAccount)],
    toRegionIds: [...new Set(wanted.ToRegionId)],
  };
};
