import { moveInstance } from '../../domain/instance-lifecycle.ts';
import { permitsMove } from '../../domain/instance.ts';
import { boolean, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { NEVER_INTERNAL, noMachine } from './shared/no-machine.ts';
import { dryRun, ECS_VERSION, owners } from './shared/parameters.ts';
import { instanceId } from './shared/record-by-id.ts';

export const StartInstance = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'StartInstance',
  kind: 'write',
  docs: {
    summary: 'Moves the record of a Stopped instance to Running; no machine is started.',
    notes: 'It is Starting for a second.',
  },
  input: object({
    InstanceId: instanceId(),
    RegionId: ownRegion,
    InitLocalDisk: optional(boolean({ withoutEffect: 'No instance here has local disks.' })),
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
  cannotOccur: {
    ...noMachine(
      '400 InvalidInstance.NotFoundSystemDisk',
      '403 DiskError',
      '403 DiskInArrears',
      '403 InstanceExpired',
      '403 InstanceLockedForSecurity',
      '403 InstanceNotReady',
      '403 InsufficientBalance',
      '403 InvalidParameter.KMSKeyId.KMSUnauthorized',
      '403 OperationDenied.HostRepairing',
      '403 OperationDenied.NoStock',
      '403 OperationDenied.SpotPriceLowerThanPublicPrice',
      '403 QuotaExceed.ElasticQuota',
    ),
    ...NEVER_INTERNAL,
    '503 ServiceUnavailable': 'A server that stops answers it to any call.',
  },
  access: { action: 'ecs:StartInstance', resource: ({ InstanceId }) => `instance/${InstanceId}` },
  example: { request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }, response: {} },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const instance = await requireInstance(ctx, input);
    if (!permitsMove(instance, 'start')) throw ctx.fail('IncorrectInstanceStatus');
    await moveInstance(ctx.tx, instance, 'start');
    return {};
  },
});
