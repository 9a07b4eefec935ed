import { countIn, vSwitchOf } from '../../domain/network.ts';
import { removeResource } from '../../domain/resource-lifecycle.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { findById } from './shared/find-by-id.ts';
import { anyRegionId, idOf } from './shared/network-parameters.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';

export const DeleteVSwitch = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteVSwitch',
  kind: 'write',
  docs: { summary: 'Deletes a vSwitch that no instance is in, at once.' },
  input: object({
    RegionId: anyRegionId,
    VSwitchId: idOf('The vSwitch.', 'InvalidVSwitchId.NotFound'),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    DependencyViolation: 400,
    IncorrectVSwitchStatus: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidVSwitchId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'vpc:DeleteVSwitch', resource: ({ VSwitchId }) => `vswitch/${VSwitchId}` },
  example: {
    request: { RegionId: 'cn-hangzhou', VSwitchId: 'vsw-bp1ejhb4r1lyu55t0abc' },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const vSwitch = await findById(ctx, input.RegionId, input.VSwitchId, (scope) =>
      vSwitchOf(tx, scope, input.VSwitchId, nowMs),
    );
    if (vSwitch === undefined) throw ctx.fail('InvalidVSwitchId.NotFound');
    if (vSwitch.status === 'Pending') throw ctx.fail('IncorrectVSwitchStatus');
    if ((await countIn(tx, vSwitch, 'instance', vSwitch.resourceId, nowMs)) > 0)
      throw ctx.fail('DependencyViolation', {
        message: 'There are still instances in the vSwitch.',
      });
    await removeResource(tx, vSwitch);
    return {};
  },
});
