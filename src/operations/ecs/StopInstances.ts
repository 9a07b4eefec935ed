import { eachOf } from '../../domain/policy/thing.ts';
import { boolean, choice, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import {
  moveInstances,
  moveInstancesErrors,
  moveInstancesInput,
  moveInstancesOutput,
} from './shared/move-instances.ts';
import { ECS_VERSION } from './shared/parameters.ts';

export const StopInstances = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'StopInstances',
  kind: 'write',
  docs: {
    summary: 'Moves the records of Running instances to Stopped; no machine runs behind them.',
    notes: 'As StopInstance for each of up to 100.',
  },
  input: object({
    ...moveInstancesInput,
    ForceStop: optional(
      boolean({ withoutEffect: 'Nothing runs that could be stopped softly or hard.' }),
    ),
    StoppedMode: optional(
      choice(['StopCharging', 'KeepCharging'], { description: 'Kept and shown.' }),
    ),
  }),
  output: moveInstancesOutput,
  errors: { ...moveInstancesErrors },
  cannotOccur: {},
  access: {
    action: 'ecs:StopInstances',
    resource: ({ InstanceId }) => eachOf('instance', InstanceId),
  },
  example: {
    request: { RegionId: 'cn-hangzhou', 'InstanceId.1': 'i-bp1g6zv0ce8oghu7k2qp' },
    response: {
      InstanceResponses: {
        InstanceResponse: [
          {
            Code: '200',
            CurrentStatus: 'Stopping',
            InstanceId: 'i-bp1g6zv0ce8oghu7k2qp',
            Message: 'success',
            PreviousStatus: 'Running',
          },
        ],
      },
    },
  },
  recordsOnly: true,
  dryRun: true,
  handler(ctx, input) {
    const { StoppedMode = 'KeepCharging' } = input;
    return moveInstances(ctx, 'stop', { ...input, StoppedMode });
  },
});
