import { moveInstance } from '../../domain/instance-lifecycle.ts';
import { permitsMove } from '../../domain/instance.ts';
import { boolean, choice, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { NEVER_INTERNAL, noMachine } from './shared/no-machine.ts';
import { dryRun, ECS_VERSION, owners } from './shared/parameters.ts';
import { instanceId } from './shared/record-by-id.ts';

const NOTHING_RUNS = 'Nothing runs that could be stopped softly or hard.';

export const StopInstance = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'StopInstance',
  kind: 'write',
  docs: {
    summary: 'Moves the record of a Running instance to Stopped; no machine runs behind it.',
    notes: 'It is Stopping for a second.',
  },
  input: object({
    InstanceId: instanceId(),
    RegionId: ownRegion,
    ForceStop: optional(boolean({ withoutEffect: NOTHING_RUNS })),
    ConfirmStop: optional(boolean({ withoutEffect: NOTHING_RUNS })),
    Hibernate: optional(boolean({ withoutEffect: NOTHING_RUNS })),
    StoppedMode: optional(
      choice(['StopCharging', 'KeepCharging'], { description: 'Kept and shown.' }),
    ),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    DryRunOperation: 400,
    IncorrectInstanceStatus: 403,
    'InvalidInstanceId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {
    ...noMachine(
      '400 DiskError',
      '403 InstanceExpiredOrInArrears',
      '403 InstanceLockedForSecurity',
      '403 InstanceType.ParameterMismatch',
      '403 InvalidInstanceId.NotSupport',
      '403 InvalidParameter.KMSKeyId.KMSUnauthorized',
      '503 LimitedOperation.ServiceUnavailable',
    ),
    ...NEVER_INTERNAL,
  },
  access: { action: 'ecs:StopInstance', resource: ({ InstanceId }) => `instance/${InstanceId}` },
  example: { request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }, response: {} },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const instance = await requireInstance(ctx, input);
    if (!permitsMove(instance, 'stop')) throw ctx.fail('IncorrectInstanceStatus');
    await moveInstance(ctx.tx, instance, 'stop', input.StoppedMode ?? 'KeepCharging');
    return {};
  },
});
