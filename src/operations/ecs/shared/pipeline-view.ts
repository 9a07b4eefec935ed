// How an image pipeline looks on the wire. The older members say the same as those of ImageOptions; what
// belongs to the base image type OSS and to repairs is empty, since both are refused.
import { asImagePipeline } from '../../../domain/image-pipeline.ts';
import type { Resource } from '../../../domain/resource.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { boolean, integer, list, object, string, type Static } from '../../../lib/schema.ts';
import { tagsView, viewTags } from './network-parameters.ts';

/** The vendor's size of the building machine's disk. */
const DEFAULT_DISK_GIB = 40;

const importImageOptions = object(
  {
    DiskDeviceMappings: object({ DiskDeviceMapping: list(object({})) }),
    ImportImageTags: object({ ImportImageTag: list(object({})) }),
  },
  { description: 'Always empty: the base image type OSS is refused.' },
);

export const pipelineSchema = object({
  AddAccounts: object({ AddAccount: list(string()) }),
  AdvancedOptions: object({
    ImageNameSuffix: string({ description: 'disable, or empty.' }),
    RetainCloudAssistant: boolean(),
  }),
  BaseImage: string(),
  BaseImageType: string({ description: 'IMAGE or IMAGE_FAMILY.' }),
  BuildContent: string(),
  CreationTime: string({ description: 'UTC, whole seconds.' }),
  DeleteInstanceOnFailure: boolean(),
  Description: string(),
  ImageFamily: string(),
  ImageName: string(),
  ImageOptions: object({
    Description: string(),
    ImageFamily: string(),
    ImageFeatures: object({ NvmeSupport: string() }),
    ImageName: string(),
    ImageTags: object({ ImageTag: tagsView.properties.Tag }),
  }),
  ImagePipelineId: string(),
  ImportImageOptions: importImageOptions,
  InstanceType: string(),
  InternetMaxBandwidthOut: integer({ description: 'Mbit/s.' }),
  Name: string(),
  NvmeSupport: string(),
  RepairItems: object({ RepairItem: list(string()) }),
  RepairMode: string({ description: 'Always empty: repairs are refused.' }),
  ResourceGroupId: string(),
  SystemDiskSize: integer({ description: 'GiB.' }),
  Tags: tagsView,
  TestContent: string(),
  ToRegionIds: object({ ToRegionId: list(string()) }),
  VSwitchId: string(),
});

export const viewPipeline = (resource: Resource): Static<typeof pipelineSchema> => {
  const { detail } = asImagePipeline(resource);
  const { imageName: ImageName, imageFamily: ImageFamily, nvmeSupport: NvmeSupport } = detail;
  return {
    ImagePipelineId: resource.resourceId,
    Name: resource.resourceName,
    CreationTime: formatSeconds(resource.creationMs),
    ResourceGroupId: resource.resourceGroupId,
    Tags: viewTags(resource.tags),
    Description: detail.description,
    BaseImageType: detail.baseImageType,
    BaseImage: detail.baseImage,
    BuildContent: detail.buildContent,
    TestContent: detail.testContent,
    InstanceType: detail.instanceType,
    VSwitchId: detail.vSwitchId,
    InternetMaxBandwidthOut: detail.internetMaxBandwidthOut,
    DeleteInstanceOnFailure: detail.deleteInstanceOnFailure,
    SystemDiskSize: detail.systemDiskSize ?? DEFAULT_DISK_GIB,
    ImageName,
    ImageFamily,
    NvmeSupport,
    ImageOptions: {
      ImageName,
      ImageFamily,
      Description: detail.imageDescription,
      ImageFeatures: { NvmeSupport },
      ImageTags: { ImageTag: viewTags(detail.imageTags).Tag },
    },
    AdvancedOptions: {
      ImageNameSuffix: detail.isSuffixDisabled ? 'disable' : '',
      RetainCloudAssistant: detail.retainCloudAssistant,
    },
    AddAccounts: { AddAccount: [...detail.addAccounts] },
    ToRegionIds: { ToRegionId: [...detail.toRegionIds] },
    RepairMode: '',
    RepairItems: { RepairItem: [] },
    ImportImageOptions: {
      DiskDeviceMappings: { DiskDeviceMapping: [] },
      ImportImageTags: { ImportImageTag: [] },
    },
  };
};
