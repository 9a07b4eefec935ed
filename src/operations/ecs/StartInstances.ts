import { eachOf } from '../../domain/policy/thing.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import {
  moveInstances,
  moveInstancesErrors,
  moveInstancesInput,
  moveInstancesOutput,
} from './shared/move-instances.ts';
import { ECS_VERSION } from './shared/parameters.ts';

export const StartInstances = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'StartInstances',
  kind: 'write',
  docs: {
    summary: 'Moves the records of Stopped instances to Running; no machine is started.',
    notes: 'As StartInstance for each of up to 100.',
  },
  input: object({
    ...moveInstancesInput,
  }),
  output: moveInstancesOutput,
  errors: { ...moveInstancesErrors },
  cannotOccur: {},
  access: {
    action: 'ecs:StartInstances',
    resource: ({ InstanceId }) => eachOf('instance', InstanceId),
  },
  example: {
    request: { RegionId: 'cn-hangzhou', 'InstanceId.1': 'i-bp1g6zv0ce8oghu7k2qp' },
    response: {
      InstanceResponses: {
        InstanceResponse: [
          {
            Code: '200',
            CurrentStatus: 'Starting',
            InstanceId: 'i-bp1g6zv0ce8oghu7k2qp',
            Message: 'success',
            PreviousStatus: 'Stopped',
          },
        ],
      },
    },
  },
  recordsOnly: true,
  dryRun: true,
  handler: (ctx, input) => moveInstances(ctx, 'start', input),
});
