// The parameters of CreateImagePipeline. What concerns the machine that the vendor would start is kept and
// shown; what can only be done with such a machine is refused, here or when an execution is started.
import { boolean, choice, integer, list, object, optional, string } from '../../../lib/schema.ts';
import { builderName, contentText } from './builder-parameters.ts';
import { description, imageFamily } from './image-parameters.ts';
import { clientToken, owners, regionId, tagList } from './parameters.ts';
import { resourceGroupId } from './resource-group.ts';

const NO_MACHINE = 'It is about the machine that builds; none is started here. Kept and shown.';
const NVME = ['supported', 'unsupported', 'auto'] as const;

const nvmeSupport = (description: string) =>
  optional(choice(NVME, { description, invalid: 'InvalidParameter.NvmeSupport' }));

const namePrefix = (description: string) =>
  optional(string({ description, maxLength: 64, invalid: 'InvalidImageName.Malformed' }));

/** Refused whole, so that nobody believes that an object is imported. */
const importImageOptions = optional(
  object(
    {
      Architecture: optional(string()),
      BootMode: optional(string()),
      Description: optional(string()),
      DiskDeviceMappings: optional(
        list(
          object({
            DiskImageSize: optional(string()),
            Format: optional(string()),
            OSSBucket: optional(string()),
            OSSObject: optional(string()),
          }),
        ),
      ),
      Features: optional(
        object({ ImdsSupport: optional(string()), NvmeSupport: optional(string()) }),
      ),
      ImageName: optional(string()),
      ImportImageTags: optional(
        list(object({ Key: optional(string()), Value: optional(string()) })),
      ),
      LicenseType: optional(string()),
      OSType: optional(string()),
      Platform: optional(string()),
      RetainImportedImage: optional(string()),
      RetentionStrategy: optional(string()),
      RoleName: optional(string()),
    },
    {
      description:
        'Refused with `InvalidParameterCombination`: an object is imported with ImportImage first.',
    },
  ),
);

/** Of the image that an execution makes. */
const imageOptions = optional(
  object({
    ImageName: namePrefix(
      'Prefix of the name, 2 to 64 characters; `_` and the id of the execution follow. Absent: the id of the execution is the name.',
    ),
    ImageFamily: imageFamily,
    Description: optional(
      string({
        description: 'Description, 2 to 256 characters, not http://… or https://….',
        maxLength: 256,
        invalid: 'InvalidImageOptions.Description',
      }),
    ),
    ImageFeatures: optional(
      object({
        NvmeSupport: nvmeSupport('supported, unsupported, or auto: as the base image.'),
      }),
    ),
    ImageTags: tagList('QuotaExceed.Tags'),
  }),
);

const machine = {
  InstanceType: optional(
    string({
      description: `Type of the machine, ecs.…. ${NO_MACHINE}`,
      pattern: '^ecs\\.[a-z0-9-]{1,32}\\.[a-z0-9-]{1,32}$',
      maxLength: 80,
      invalid: 'InvalidInstanceType.NotFound',
    }),
  ),
  VSwitchId: optional(
    string({
      description: 'A vSwitch of the account and region; kept and shown.',
      maxLength: 128,
      invalid: 'InvalidVSwitchId.NotFound',
    }),
  ),
  InternetMaxBandwidthOut: optional(
    integer({
      description: `0 to 100 Mbit/s. ${NO_MACHINE}`,
      minimum: 0,
      maximum: 100,
      invalid: 'InvalidInternetMaxBandwidthOut.NotSupportedValue',
    }),
  ),
  DeleteInstanceOnFailure: optional(boolean({ description: `Default true. ${NO_MACHINE}` })),
  SystemDiskSize: optional(
    integer({
      description:
        'GiB of the system disk of the image that is made, 20 to 500. Absent: 40, or the base image if that is more.',
      minimum: 20,
      maximum: 500,
      invalid: 'InvalidSystemDiskSize.NotSupportedValue',
    }),
  ),
};

const contents = {
  BuildContent: contentText(
    'Commands, one a line, or YAML; at most 16 KiB. Kept and shown; an execution is refused unless FROM, which is ignored, is all there is.',
    'InvalidBuildContent.LengthExceeded',
  ),
  TestContent: contentText(
    'As BuildContent; an execution is refused with any.',
    'InvalidParameter.TestContent',
  ),
};

export const createPipelineInput = object({
  RegionId: regionId(),
  BaseImageType: choice(['IMAGE', 'IMAGE_FAMILY'], {
    description: 'What BaseImage is; OSS is refused.',
    missing: 'MissingParameter',
    invalid: 'InvalidBaseImageType.NotSupportedValue',
  }),
  BaseImage: string({
    description:
      'Id of an image, or name of a family, which is resolved each time an execution begins.',
    missing: 'MissingParameter',
    maxLength: 256,
    invalid: 'InvalidImage.NotFound',
  }),
  Name: builderName('pipeline'),
  Description: description,
  ...contents,
  ...machine,
  ImageOptions: imageOptions,
  ImageName: namePrefix('The older name of ImageOptions.ImageName.'),
  ImageFamily: imageFamily,
  NvmeSupport: nvmeSupport('The older name of ImageOptions.ImageFeatures.NvmeSupport.'),
  AdvancedOptions: optional(
    object({
      ImageNameSuffix: optional(
        choice(['disable'], {
          description: 'disable: the name has no suffix, so that one execution can use it.',
          invalid: 'InvalidAdvancedOptions.ImageNameSuffix',
        }),
      ),
      RetainCloudAssistant: optional(boolean({ description: NO_MACHINE })),
    }),
  ),
  AddAccount: optional(
    list(string({ pattern: '^\\d{1,20}$', maxLength: 20, invalid: 'InvalidParameter' }), {
      description: 'UIDs to share the image with, N from 1 to 20.',
      maxItems: 20,
      tooMany: 'InvalidAddAccountSize.ExceededMaxNumber',
    }),
  ),
  ToRegionId: optional(
    list(string({ maxLength: 64, invalid: 'InvalidRegionId.NotFound' }), {
      description: 'Regions to copy the image to, N from 1 to 20.',
      maxItems: 20,
      tooMany: 'InvalidToRegionIdSize.ExceededMaxNumber',
    }),
  ),
  RepairMode: optional(
    choice(['Standard', 'All', 'Customized'], {
      description: 'Refused: a repair needs a running machine.',
      invalid: 'InvalidParameter.RepairMode',
    }),
  ),
  RepairItem: optional(
    list(string({ maxLength: 64 }), {
      description: 'Refused with `InvalidImage.NotSupportRepair`, as RepairMode.',
      maxItems: 20,
    }),
  ),
  ImportImageOptions: importImageOptions,
  ResourceGroupId: resourceGroupId,
  Tag: tagList('QuotaExceed.Tags'),
  ClientToken: clientToken(),
  ...owners,
});
