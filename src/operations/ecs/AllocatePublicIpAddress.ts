import { object, optional, string } from '../../lib/schema.ts';
import { isSettled } from '../../domain/instance.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { publicAddresses } from './shared/instance-network.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';
import { instanceId } from './shared/record-by-id.ts';

export const AllocatePublicIpAddress = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'AllocatePublicIpAddress',
  kind: 'write',
  docs: {
    summary: 'Gives an instance a public address, at which nothing answers.',
    notes:
      'The address is one of 198.18.0.0/16, which belongs to nobody. An instance has at most one; it keeps it until it is deleted.',
  },
  input: object({
    InstanceId: instanceId(),
    RegionId: ownRegion,
    IpAddress: optional(
      string({ withoutEffect: 'The next free address is given.', maxLength: 64 }),
    ),
    VlanId: optional(string({ withoutEffect: 'No VLANs exist here.', maxLength: 128 })),
    ...owners,
  }),
  output: object({ IpAddress: string() }),
  errors: {
    MissingParameter: 400,
    AllocatedAlready: 403,
    IncorrectInstanceStatus: 403,
    'InvalidInstanceId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:AllocatePublicIpAddress',
    resource: ({ InstanceId }) => `instance/${InstanceId}`,
  },
  example: {
    request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' },
    response: { IpAddress: '198.18.0.1' },
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const instance = await requireInstance(ctx, input);
    if (!isSettled(instance)) throw ctx.fail('IncorrectInstanceStatus');
    if (instance.detail.publicIpAddress !== '') throw ctx.fail('AllocatedAlready');
    const [IpAddress = ''] = await publicAddresses(ctx, instance, 1);
    await ctx.tx.updateResource(instance.resourceId, {
      detail: { ...instance.detail, publicIpAddress: IpAddress },
    });
    return { IpAddress };
  },
});
