// The rest of the surface: what the image builder does, what is asked before an instance is made, key
// pairs and elastic addresses.
import { until } from './story.ts';
import { HERE, json, look, type Teller, ZONE } from './surface-story.ts';

export const tellTypes = async (teller: Teller, ImageId: string): Promise<void> => {
  await look(teller, 'DescribeInstanceTypes', { InstanceTypes: ['ecs.g7.large'] });
  const wanted = { ...HERE, ZoneId: ZONE, DestinationResource: 'InstanceType' };
  await look(teller, 'DescribeAvailableResource', wanted);
  await look(teller, 'DescribeImageSupportInstanceTypes', { ...HERE, ImageId });
};

/** Components and pipelines are records; an execution really makes an image. */
export const tellBuilder = async (teller: Teller, BaseImage: string): Promise<void> => {
  const { call, raw, run } = teller;
  const Content = 'RUN true';
  const { ImageComponentId } = await call('CreateImageComponent', { ...HERE, Content });
  await look(teller, 'DescribeImageComponents', { ...HERE, ImageComponentId: [ImageComponentId] });
  await call('DeleteImageComponent', { ...HERE, ImageComponentId });
  const { ImagePipelineId } = await call('CreateImagePipeline', {
    ...HERE,
    BaseImageType: 'IMAGE',
    BaseImage,
    ImageOptions: { ImageName: `built-${run}`, ImageFamily: `built:${run}` },
  });
  await look(teller, 'DescribeImagePipelines', { ...HERE, ImagePipelineId: [ImagePipelineId] });
  const { ExecutionId } = await call('StartImagePipelineExecution', { ...HERE, ImagePipelineId });
  const execution = { ...HERE, ImagePipelineId, ExecutionId };
  const imageId = await until(async () => {
    const answer = await raw('DescribeImagePipelineExecutions', execution);
    const [{ Status, ImageId }] = answer.ImagePipelineExecution.ImagePipelineExecutionSet;
    return Status === 'SUCCESS' ? (ImageId as string) : undefined;
  }, ExecutionId);
  await look(teller, 'DescribeImagePipelineExecutions', execution);
  await call('DeleteImagePipeline', { ...HERE, ImagePipelineId });
  await call('DeleteImage', { ...HERE, ImageId: imageId });
};

export const tellKeyPairs = async (teller: Teller, instanceId: string): Promise<void> => {
  const { call, run } = teller;
  const pair = { ...HERE, KeyPairName: `surface-${run}` };
  await call('CreateKeyPair', pair);
  await call('AttachKeyPair', { ...pair, InstanceIds: json(instanceId) });
  await look(teller, 'DescribeKeyPairs', pair);
  await call('DetachKeyPair', { ...pair, InstanceIds: json(instanceId) });
  await call('DeleteKeyPairs', { ...HERE, KeyPairNames: json(pair.KeyPairName) });
};

export const tellAddresses = async (teller: Teller, InstanceId: string): Promise<void> => {
  const { call, raw } = teller;
  const { AllocationId } = await call('AllocateEipAddress', { ...HERE, Bandwidth: '5' });
  const one = { ...HERE, AllocationId };
  const becomes = (status: string): Promise<true> =>
    until(async () => {
      const { EipAddresses } = await raw('DescribeEipAddresses', one);
      return EipAddresses.EipAddress[0]?.Status === status || undefined;
    }, `${AllocationId} to be ${status}`);
  await call('AssociateEipAddress', { AllocationId, InstanceId });
  await becomes('InUse');
  await call('ModifyEipAddressAttribute', { AllocationId, Bandwidth: '10' });
  await look(teller, 'DescribeEipAddresses', one);
  await call('UnassociateEipAddress', { AllocationId, InstanceId });
  await becomes('Available');
  await call('ReleaseEipAddress', { AllocationId });
};
