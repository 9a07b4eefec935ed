// Networks for tests: a VPC that is Available, a vSwitch in it, an instance as a record in that.
import { acceptResource } from '../domain/resource-lifecycle.ts';
import { REGION, type Harness, type Parameters } from './harness.ts';

/** Longer than anything of a network is Pending. */
const SETTLED_MS = 1_000;

export const newVpc = async (k: Harness, parameters: Parameters = {}): Promise<string> => {
  const { VpcId } = await k.call('CreateVpc', { RegionId: REGION, ...parameters });
  k.clock.advance(SETTLED_MS);
  return VpcId;
};

export const newVSwitch = async (k: Harness, parameters: Parameters): Promise<string> => {
  const { VSwitchId } = await k.call('CreateVSwitch', {
    RegionId: REGION,
    ZoneId: `${REGION}-a`,
    CidrBlock: '172.16.0.0/24',
    ...parameters,
  });
  k.clock.advance(SETTLED_MS);
  return VSwitchId;
};

/** A running instance, as a record, with such a detail. */
export const instanceWith = async (
  k: Harness,
  detail: {
    vSwitchId?: string;
    securityGroupIds?: readonly string[];
    keyPairName?: string;
    publicIpAddress?: string;
  },
  status = 'Running',
): Promise<string> => {
  const { TotalCount } = await countOfInstances(k);
  const resourceId = `i-bp1network${TotalCount}`;
  await k.store.write({ principal: 'test', requestId: 'test', nowMs: k.clock.wallMs() }, (tx) =>
    acceptResource(tx, {
      ...k.scope,
      resourceId,
      resourceType: 'instance',
      resourceName: '',
      status,
      parentId: detail.vSwitchId ?? '',
      imageId: '',
      resourceGroupId: '',
      detail: {
        vSwitchId: '',
        securityGroupIds: [],
        keyPairName: '',
        publicIpAddress: '',
        ...detail,
      },
    }),
  );
  return resourceId;
};

const countOfInstances = (k: Harness) =>
  k.store.read(async (tx) => {
    const page = { limit: 0, offset: 0 };
    const { total } = await tx.resources(k.scope, { resourceType: 'instance' }, page, 0);
    return { TotalCount: total };
  });

/** A resource group of the operator's account. */
export const newResourceGroup = async (k: Harness): Promise<string> =>
  (await k.call('CreateResourceGroup', { Name: 'golden', DisplayName: 'Golden' })).ResourceGroup.Id;

export const newEip = async (k: Harness, parameters: Parameters = {}): Promise<string> =>
  (await k.call('AllocateEipAddress', { RegionId: REGION, ...parameters })).AllocationId;

/** An elastic address that is InUse, and the instance that has it. */
export const eipInUse = async (k: Harness) => {
  const InstanceId = await instanceWith(k, {});
  const AllocationId = await newEip(k);
  await k.call('AssociateEipAddress', { AllocationId, InstanceId });
  k.clock.advance(SETTLED_MS);
  return { AllocationId, InstanceId };
};
