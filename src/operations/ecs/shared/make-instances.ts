// What RunInstances and CreateInstance do: look everything up that the request names, then make the
// records of all instances, or of none.
import type { RegionId } from '../../../domain/ids.ts';
import { acceptInstance } from '../../../domain/instance-lifecycle.ts';
import { fitsType } from '../../../domain/instance-type.ts';
import type { InstanceDetail } from '../../../domain/instance.ts';
import { countOf } from '../../../domain/network.ts';
import type { Scope } from '../../../domain/tx.ts';
import type { VisibleImage } from '../../../domain/visible.ts';
import type { WriteContext } from '../../../operation.ts';
import {
  checkInstanceForm,
  type InstanceFormFault,
  type InstanceRequest,
} from './instance-form.ts';
import { findInstanceImage, traitsOf, type InstanceImageFault } from './instance-image.ts';
import { planDisks, type InstanceDiskFault, type PlannedDisk } from './instance-disks.ts';
import {
  findNetwork,
  privateAddresses,
  publicAddresses,
  type InstanceNetworkFault,
  type Network,
  type NetworkRequest,
} from './instance-network.ts';
import { orderedName } from './ordered-names.ts';
import { requireResourceGroup } from './resource-group.ts';

export type MakeInstancesFault =
  | InstanceFormFault
  | InstanceImageFault
  | InstanceDiskFault
  | InstanceNetworkFault
  | 'ImageNotSupportCloudInit'
  | 'DependencyViolation.WindowsInstance'
  | 'ImageNotSupportInstanceType'
  | 'InvalidResourceGroup.NotFound'
  | 'QuotaExceed.ElasticQuota';

type Context = WriteContext<MakeInstancesFault>;

export interface MakeRequest {
  wanted: InstanceRequest & NetworkRequest;
  amount: number;
  uniqueSuffix: boolean;
  /** Whether each gets a public address. */
  isPublic: boolean;
  /** One for each instance, instead of `HostName`. */
  hostNames: readonly string[];
  settled: 'Running' | 'Stopped';
  /** What only one of the two operations takes. */
  detail: Partial<InstanceDetail>;
}

/** Ids of the new instances, in order. */
export const makeInstances = async (ctx: Context, request: MakeRequest): Promise<string[]> => {
  const { wanted, amount } = request;
  const scope = { accountId: ctx.caller.accountId, regionId: wanted.RegionId as RegionId };
  const tags = checkInstanceForm(ctx, wanted);
  const found = await findInstanceImage(ctx, scope.regionId, wanted);
  checkAgainstImage(ctx, wanted, found);
  const network = await findNetwork(ctx, scope, wanted);
  const disks = await planDisks(ctx, scope, found, wanted, network.zoneId);
  const resourceGroupId = await requireResourceGroup(ctx, wanted.ResourceGroupId);
  await requireRoom(ctx, scope, amount, disks.length);
  const privateIps = await privateAddresses(ctx, scope, network, wanted.PrivateIpAddress, amount);
  const publicIps = request.isPublic ? await publicAddresses(ctx, scope, amount) : [];
  const instanceIds: string[] = [];
  for (let i = 0; i < amount; i += 1) {
    const instanceId = ctx.newId('i-', scope.regionId);
    const name = wanted.InstanceName && orderedName(wanted.InstanceName, i, request);
    const detail = {
      ...detailOf(ctx, request, found, network, i),
      privateIpAddress: privateIps[i] ?? '',
      publicIpAddress: publicIps[i] ?? '',
    };
    await acceptInstance(
      ctx.tx,
      {
        ...scope,
        instanceId,
        instanceName: name ?? instanceId,
        imageId: found.image.imageId,
        resourceGroupId,
        detail,
      },
      disks.map((disk) => draftOf(ctx, scope, instanceId, resourceGroupId, disk)),
      tags,
      request.settled,
    );
    instanceIds.push(instanceId);
  }
  // A dry run, and a write that did not come about, told nobody to use the image.
  if (wanted.ImageFamily !== undefined) ctx.tx.afterCommit(() => ctx.noteResolution(found.image));
  return instanceIds;
};

const draftOf = (
  ctx: Context,
  scope: Scope,
  instanceId: string,
  resourceGroupId: string,
  { diskName, detail }: PlannedDisk,
) => ({
  ...scope,
  diskId: ctx.newId('d-', scope.regionId),
  diskName,
  instanceId,
  resourceGroupId,
  detail,
});

const checkAgainstImage = (
  ctx: Context,
  { KeyPairName, UserData, InstanceType }: InstanceRequest,
  { image }: VisibleImage,
): void => {
  if (!fitsType(image, InstanceType)) throw ctx.fail('ImageNotSupportInstanceType');
  if (KeyPairName !== undefined && image.osType === 'windows')
    throw ctx.fail('DependencyViolation.WindowsInstance');
  if (UserData !== undefined && image.osType === 'linux' && !image.isSupportCloudinit)
    throw ctx.fail('ImageNotSupportCloudInit');
};

const requireRoom = async (
  ctx: Context,
  scope: Scope,
  amount: number,
  disksEach: number,
): Promise<void> => {
  const { instancesPerRegion, disksPerRegion } = ctx.settings.quotas;
  const count = (resourceType: 'instance' | 'disk') =>
    countOf(ctx.tx, scope, resourceType, ctx.nowMs);
  if (
    (await count('instance')) + amount > instancesPerRegion ||
    (await count('disk')) + amount * disksEach > disksPerRegion
  )
    throw ctx.fail('QuotaExceed.ElasticQuota');
};

const detailOf = (
  ctx: Context,
  request: MakeRequest,
  found: VisibleImage,
  { zoneId, vpcId, vSwitchId, securityGroupIds, keyPairName }: Network,
  i: number,
): Omit<InstanceDetail, 'privateIpAddress' | 'publicIpAddress'> => {
  const { wanted, hostNames } = request;
  const hostName = hostNames[i] ?? (wanted.HostName && orderedName(wanted.HostName, i, request));
  return {
    description: wanted.Description ?? '',
    hostName: hostName ?? '',
    instanceType: wanted.InstanceType,
    zoneId,
    vpcId,
    vSwitchId,
    securityGroupIds,
    keyPairName,
    internetChargeType: wanted.InternetChargeType ?? 'PayByTraffic',
    internetMaxBandwidthIn: 0,
    internetMaxBandwidthOut: 0,
    instanceChargeType: wanted.InstanceChargeType ?? 'PostPaid',
    spotStrategy: 'NoSpot',
    deletionProtection: wanted.DeletionProtection ?? false,
    loginAsNonRoot: false,
    httpEndpoint: wanted.HttpEndpoint ?? 'enabled',
    httpTokens: wanted.HttpTokens ?? 'optional',
    creditSpecification: wanted.CreditSpecification ?? '',
    ...(wanted.UserData && { sealedUserData: ctx.installation.seal(wanted.UserData) }),
    startMs: request.settled === 'Running' ? ctx.nowMs : 0,
    stoppedMode: 'Not-applicable',
    traits: traitsOf(found),
    ...request.detail,
  };
};
