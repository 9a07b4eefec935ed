import { eachOf } from '../../domain/policy/thing.ts';
import { boolean, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import {
  moveInstances,
  moveInstancesErrors,
  moveInstancesInput,
  moveInstancesOutput,
} from './shared/move-instances.ts';
import { ECS_VERSION } from './shared/parameters.ts';

export const RebootInstances = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'RebootInstances',
  kind: 'write',
  docs: {
    summary: 'Shows Running instances as Starting for a second; no machine is restarted.',
    notes: 'As RebootInstance for each of up to 100.',
  },
  input: object({
    ...moveInstancesInput,
    ForceReboot: optional(
      boolean({ withoutEffect: 'Nothing runs that could be stopped softly or hard.' }),
    ),
  }),
  output: moveInstancesOutput,
  errors: { ...moveInstancesErrors },
  cannotOccur: {},
  access: {
    action: 'ecs:RebootInstances',
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
            PreviousStatus: 'Running',
          },
        ],
      },
    },
  },
  recordsOnly: true,
  dryRun: true,
  handler: (ctx, input) => moveInstances(ctx, 'reboot', input),
});
