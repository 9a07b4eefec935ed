// CreateImagePipeline: each refusal, and that what is kept is what was given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { CreateImagePipeline } from './CreateImagePipeline.ts';

const PIPELINE = { RegionId: REGION, BaseImageType: 'IMAGE_FAMILY', BaseImage: 'base' };

const create = (values: Parameters) => (t: Case) => t.call({ ...PIPELINE, ...values });
const content = (BuildContent: string) => create({ BuildContent });
const many = (name: string, count: number, value = '1') =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}.${i + 1}`, value]));

/** A component, by its id. */
const component = async ({ k }: Pick<Case, 'k'>, values: Parameters = {}): Promise<string> => {
  const wanted = { RegionId: REGION, Content: 'RUN true', ...values };
  return (await k.call('CreateImageComponent', wanted)).ImageComponentId;
};

const YAML = 'Tasks:\n  - Name: hello\n    Action: RunShellCommand\n';

testOperation(
  CreateImagePipeline,
  {
    MissingRegionId: (t) => t.call({ BaseImageType: 'IMAGE', BaseImage: 'm-bp1' }),
    MissingParameter: (t) => t.call({ RegionId: REGION, BaseImageType: 'IMAGE' }),
    InvalidParameter: create({ 'AddAccount.1': 'someone' }),
    IdempotentParameterMismatch: async (t) => {
      await t.k.call('CreateImagePipeline', { ...PIPELINE, ClientToken: 'once' });
      return create({ ClientToken: 'once', BaseImage: 'other' })(t);
    },
    'InvalidName.Malformed': create({ Name: '1st' }),
    'InvalidDescription.Malformed': create({ Description: 'https://example.com' }),
    'InvalidImageName.Malformed': create({ 'ImageOptions.ImageName': 'acs:image' }),
    'InvalidImageName.Duplicated': async (t) => {
      await t.k.image({ ImageName: 'taken' });
      return create({ ImageName: 'taken', 'AdvancedOptions.ImageNameSuffix': 'disable' })(t);
    },
    'InvalidImageFamily.Malformed': create({ ImageFamily: 'acs:family' }),
    'InvalidImageOptions.Description': create({ 'ImageOptions.Description': 'x' }),
    'InvalidAdvancedOptions.ImageNameSuffix': create({ 'AdvancedOptions.ImageNameSuffix': 'on' }),
    'InvalidBaseImageType.NotSupportedValue': create({ BaseImageType: 'OSS' }),
    'InvalidSystemDiskSize.NotSupportedValue': create({ SystemDiskSize: '19' }),
    'InvalidInternetMaxBandwidthOut.NotSupportedValue': create({ InternetMaxBandwidthOut: '101' }),
    'InvalidAddAccountSize.ExceededMaxNumber': create(many('AddAccount', 21)),
    'InvalidToRegionIdSize.ExceededMaxNumber': create(many('ToRegionId', 21, 'cn-beijing')),
    'InvalidParameter.RepairMode': create({ RepairMode: 'Some' }),
    'InvalidImage.NotSupportRepair': create({ RepairMode: 'Customized', 'RepairItem.1': 'grub' }),
    'InvalidParameter.NvmeSupport': create({ NvmeSupport: 'maybe' }),
    InvalidParameterCombination: create({
      'ImportImageOptions.DiskDeviceMappings.1.OSSBucket': 'images',
    }),
    'Duplicate.TagKey': create({ 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': create({ 'ImageOptions.ImageTags.1.Key': 'acs:env' }),
    'InvalidTagValue.Malformed': create({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'acs:test' }),
    'QuotaExceed.Tags': create(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidBuildContent.LengthExceeded': content(`RUN ${'é'.repeat(8191)}`),
    'InvalidParameter.BuildContent': content('EXPOSE 80'),
    'InvalidParameter.TestContent': create({ TestContent: 'FROM IMAGE_FAMILY:base' }),
    'InvalidImageTemplateCommandSize.ExceededMaxNumber': content('RUN true\n'.repeat(128)),
    'DuplicatedCommand.FROM': content('FROM IMAGE_FAMILY:base\nFROM IMAGE_FAMILY:base'),
    'InvalidCommandOrder.FROM': content('RUN true\nFROM IMAGE_FAMILY:base'),
    'EmptyCommandContent.RUN': content('RUN'),
    'EmptyCommandContent.ENV': content('ENV'),
    'EmptyCommandContent.WORKDIR': content('WORKDIR'),
    'EmptyCommandContent.COPY': content('COPY'),
    'EmptyCommandContent.USER': content('USER'),
    'EmptyCommandContent.CMD': content('CMD'),
    'EmptyCommandContent.ENTRYPOINT': content('ENTRYPOINT'),
    'InvalidCommandContent.RUN': content('RUN ["unclosed"'),
    'InvalidCommandContent.ENV': content('ENV =1'),
    'InvalidCommandContent.WORKDIR': content('WORKDIR /a /b'),
    'InvalidCommandContent.COPY': content('COPY /a'),
    'InvalidCommandContent.USER': content('USER a b'),
    'InvalidCommandContent.CMD': content('CMD [1]'),
    'InvalidCommandContent.ENTRYPOINT': content('ENTRYPOINT []'),
    'InvalidImageComponent.NotSupported': async (t) =>
      content(`COMPONENT ${await component(t, { ComponentType: 'Test' })}`)(t),
    'ImageComponent.NotFound': content('COMPONENT ic-bp12dvdzvr9k9s8kfj1x'),
    'InvalidImage.NotFound': create({ BaseImageType: 'IMAGE', BaseImage: 'm-bp1' }),
    'InvalidInstanceType.NotFound': create({ InstanceType: 'large' }),
    'InvalidVSwitchId.NotFound': create({ VSwitchId: 'vsw-bp1' }),
    'InvalidRegionId.NotFound': create({ 'ToRegionId.1': 'cn-nowhere' }),
    'InvalidResourceGroup.NotFound': create({ ResourceGroupId: 'group' }),
    'MissingParameter.RepairMode': create({ 'RepairItem.1': 'grub' }),
    'InvalidImage.OsTypeUnsupported': async (t) => {
      await t.k.image({ ImageFamily: 'base' });
      const windows = await component(t, { SystemType: 'Windows', Content: YAML });
      return content(`COMPONENT ${windows}`)(t);
    },
    'ImagePipeline.NotSupportWindowsInstance': async (t) => {
      await t.k.image({ ImageFamily: 'base', Platform: 'Windows Server 2022' });
      return content('RUN true')(t);
    },
    // Two components and a pipeline are there from the cases above.
    'QuotaExceed.ImagePipeline': async (t) => {
      for (let i = 0; i < 2; i++) await t.k.call('CreateImagePipeline', PIPELINE);
      return create({})(t);
    },
  },
  { isShared: true, kindred: { quotas: { builderRecords: 3 } } },
);

/** What is equal in every pipeline. */
const COMMON = {
  CreationTime: '2026-11-24T12:00:00Z',
  RepairMode: '',
  RepairItems: { RepairItem: [] },
  ImportImageOptions: {
    DiskDeviceMappings: { DiskDeviceMapping: [] },
    ImportImageTags: { ImportImageTag: [] },
  },
};

const MINIMAL = {
  ...COMMON,
  Description: '',
  BaseImageType: 'IMAGE_FAMILY',
  BaseImage: 'base',
  BuildContent: '',
  TestContent: '',
  InstanceType: '',
  VSwitchId: '',
  SystemDiskSize: 40,
  InternetMaxBandwidthOut: 0,
  DeleteInstanceOnFailure: true,
  ImageName: '',
  ImageFamily: '',
  NvmeSupport: '',
  ImageOptions: {
    ImageName: '',
    ImageFamily: '',
    Description: '',
    ImageFeatures: { NvmeSupport: '' },
    ImageTags: { ImageTag: [] },
  },
  AdvancedOptions: { ImageNameSuffix: '', RetainCloudAssistant: false },
  AddAccounts: { AddAccount: [] },
  ToRegionIds: { ToRegionId: [] },
  ResourceGroupId: '',
  Tags: { Tag: [] },
};

/** Equal in request and answer. */
const SAME = {
  BaseImageType: 'IMAGE',
  Name: 'full',
  Description: 'the whole of it',
  TestContent: YAML,
  InstanceType: 'ecs.g6.large',
};

const FULL_REQUEST = {
  ...SAME,
  SystemDiskSize: '60',
  InternetMaxBandwidthOut: '20',
  DeleteInstanceOnFailure: 'false',
  'ImageOptions.ImageName': 'web',
  'ImageOptions.ImageFamily': 'web-released',
  'ImageOptions.Description': 'made by full',
  'ImageOptions.ImageFeatures.NvmeSupport': 'auto',
  'ImageOptions.ImageTags.1.Key': 'channel',
  'AdvancedOptions.ImageNameSuffix': 'disable',
  'AdvancedOptions.RetainCloudAssistant': 'true',
  'AddAccount.1': '1234567890123456',
  'ToRegionId.1': 'cn-beijing',
  'ToRegionId.2': 'cn-shanghai',
  'Tag.1.Key': 'team',
  'Tag.1.Value': 'web',
};

const FULL = {
  ...COMMON,
  ...SAME,
  SystemDiskSize: 60,
  InternetMaxBandwidthOut: 20,
  DeleteInstanceOnFailure: false,
  ImageName: 'web',
  ImageFamily: 'web-released',
  NvmeSupport: 'auto',
  ImageOptions: {
    ImageName: 'web',
    ImageFamily: 'web-released',
    Description: 'made by full',
    ImageFeatures: { NvmeSupport: 'auto' },
    ImageTags: { ImageTag: [{ TagKey: 'channel', TagValue: '' }] },
  },
  AdvancedOptions: { ImageNameSuffix: 'disable', RetainCloudAssistant: true },
  AddAccounts: { AddAccount: ['1234567890123456'] },
  ToRegionIds: { ToRegionId: ['cn-beijing', 'cn-shanghai'] },
  Tags: { Tag: [{ TagKey: 'team', TagValue: 'web' }] },
};

test('a pipeline is kept as it was given, with the names that were not given', async (t) => {
  const k = await kindred(t);
  const group = { Name: 'web', DisplayName: 'Web' };
  const { ResourceGroup } = await k.call('CreateResourceGroup', group);
  const componentId = await component({ k }, { Name: 'nginx' });
  const arn = `acs:ecs:${REGION}:${k.accountId}:imagecomponent/nginx/1.*.*`;
  const ids = {
    BaseImage: (await k.image()).imageId,
    BuildContent: `COMPONENT ${componentId}\nCOMPONENT ${arn}`,
    VSwitchId: await k.record('vswitch'),
    ResourceGroupId: ResourceGroup.Id,
  };
  const request = { RegionId: REGION, ...FULL_REQUEST, ...ids };
  const { ImagePipelineId: full } = await k.call('CreateImagePipeline', request);
  const { ImagePipelineId: minimal } = await k.call('CreateImagePipeline', PIPELINE);
  const listed = await k.call('DescribeImagePipelines', { RegionId: REGION });
  const [first, second] = listed.ImagePipeline.ImagePipelineSet;
  assert.deepEqual(second, { ...FULL, ...ids, ImagePipelineId: full });
  assert.deepEqual(first, { ...MINIMAL, ImagePipelineId: minimal, Name: minimal });
  const used = { RegionId: REGION, ImageComponentId: componentId };
  assert.equal((await k.refused('DeleteImageComponent', used)).code, 'InvalidImageComponent.InUse');
});
