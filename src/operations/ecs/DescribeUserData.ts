import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';
import { instanceId } from './shared/record-by-id.ts';

export const DescribeUserData = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeUserData',
  kind: 'read',
  docs: {
    summary: 'Gives back the user data that an instance was made with; no machine ever reads them.',
  },
  input: object({
    InstanceId: instanceId(),
    RegionId: ownRegion,
    ClientToken: optional(string({ withoutEffect: 'To ask twice changes nothing.' })),
    ...owners,
  }),
  output: object({
    InstanceId: string(),
    RegionId: string(),
    UserData: string({ description: 'Base64, as it was given; empty for none.' }),
  }),
  errors: {
    MissingParameter: 400,
    'InvalidInstanceId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:DescribeUserData',
    resource: ({ InstanceId }) => `instance/${InstanceId}`,
  },
  example: {
    request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' },
    response: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp', RegionId: 'cn-hangzhou', UserData: '' },
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { resourceId, regionId, detail } = await requireInstance(ctx, input);
    const { sealedUserData, userData = '' } = detail;
    const UserData =
      sealedUserData === undefined ? userData : ctx.installation.unseal(sealedUserData);
    return { InstanceId: resourceId, RegionId: regionId, UserData };
  },
});
