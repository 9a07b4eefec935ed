import { moveInstance } from '../../domain/instance-lifecycle.ts';
import { permitsMove } from '../../domain/instance.ts';
import { boolean, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { dryRun, ECS_VERSION, owners } from './shared/parameters.ts';
import { instanceId } from './shared/record-by-id.ts';

export const RebootInstance = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'RebootInstance',
  kind: 'write',
  docs: {
    summary: 'Shows a Running instance as Starting for a second; no machine is restarted.',
  },
  input: object({
    InstanceId: instanceId(),
    RegionId: ownRegion,
    ForceStop: optional(
      boolean({ withoutEffect: 'Nothing runs that could be stopped softly or hard.' }),
    ),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    DryRunOperation: 400,
    IncorrectInstanceStatus: 403,
    'InvalidInstanceId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:RebootInstance', resource: ({ InstanceId }) => `instance/${InstanceId}` },
  example: { request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }, response: {} },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const instance = await requireInstance(ctx, input);
    if (!permitsMove(instance, 'reboot')) throw ctx.fail('IncorrectInstanceStatus');
    await moveInstance(ctx.tx, instance, 'reboot');
    return {};
  },
});
