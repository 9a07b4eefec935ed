import { boolean, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { deleteInstance } from './shared/delete-instance.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { NEVER_INTERNAL, noMachine } from './shared/no-machine.ts';
import { dryRun, ECS_VERSION, owners } from './shared/parameters.ts';
import { instanceId } from './shared/record-by-id.ts';

export const DeleteInstance = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteInstance',
  kind: 'write',
  docs: {
    summary: 'Deletes the record of an instance and the disks that go with it.',
    notes:
      'Needs a Stopped instance, or Force. Disks without DeleteWithInstance stay and are Available, as is an elastic address; snapshots stay. The image of the instance is not in use by it any more.',
  },
  input: object({
    InstanceId: instanceId(),
    RegionId: ownRegion,
    Force: optional(boolean({ description: 'Delete it also while it is Running.' })),
    ForceStop: optional(boolean({ withoutEffect: 'Nothing runs that could be stopped first.' })),
    TerminateSubscription: optional(boolean({ withoutEffect: 'Nothing is sold here.' })),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    DryRunOperation: 400,
    IncorrectInstanceStatus: 403,
    'IncorrectInstanceStatus.Initializing': 403,
    'InvalidOperation.DeletionProtection': 403,
    'InvalidInstanceId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {
    ...noMachine(
      '400 DependencyViolation.RouteEntry',
      '400 DependencyViolation.SLBConfiguring',
      '403 ChargeTypeViolation',
      '403 InstanceLockedForSecurity',
      '403 InvalidOperation.EniLinked',
    ),
    ...NEVER_INTERNAL,
    '400 InvalidParameter': 'Its parameters are an id and truth values.',
  },
  access: { action: 'ecs:DeleteInstance', resource: ({ InstanceId }) => `instance/${InstanceId}` },
  example: { request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp', Force: 'true' }, response: {} },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const instance = await requireInstance(ctx, input);
    await deleteInstance(ctx, instance, input.Force === true);
    return {};
  },
});
