import { vSwitchOf } from '../../domain/network.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { findById } from './shared/find-by-id.ts';
import { given } from './shared/given.ts';
import { anyRegionId, idOf, label, noIpv6 } from './shared/network-parameters.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';

export const ModifyVSwitchAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifyVSwitchAttribute',
  kind: 'write',
  docs: { summary: 'Changes the name or the description of a vSwitch.' },
  input: object({
    RegionId: anyRegionId,
    VSwitchId: idOf('The vSwitch.', 'InvalidVSwitchId.NotFound'),
    VSwitchName: label('Name', 'InvalidVSwitchName.Malformed', 128),
    Description: label('Description', 'InvalidVSwitchDiscription.Malformed'),
    EnableIPv6: noIpv6,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidVSwitchName.Malformed': 400,
    'InvalidVSwitchDiscription.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidVSwitchId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'vpc:ModifyVSwitchAttribute',
    resource: ({ VSwitchId }) => `vswitch/${VSwitchId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      VSwitchId: 'vsw-bp1ejhb4r1lyu55t0abc',
      VSwitchName: 'builders',
    },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { VSwitchName: resourceName, Description: description } = input;
    const vSwitch = await findById(ctx, input.RegionId, input.VSwitchId, (scope) =>
      vSwitchOf(ctx.tx, scope, input.VSwitchId, ctx.nowMs),
    );
    if (vSwitch === undefined) throw ctx.fail('InvalidVSwitchId.NotFound');
    if (input.EnableIPv6 === true) throw ctx.fail('InvalidParameter', { parameter: 'EnableIPv6' });
    await ctx.tx.updateResource(vSwitch.resourceId, {
      ...given({ resourceName }),
      detail: { ...vSwitch.detail, ...given({ description }) },
    });
    return {};
  },
});
