import { eachOf } from '../../domain/policy/thing.ts';
import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { toInstance } from '../../domain/instance.ts';
import type { RegionId } from '../../domain/ids.ts';
import { defineOperation } from '../../operation.ts';
import { deleteInstance } from './shared/delete-instance.ts';
import { NEVER_INTERNAL, noMachine } from './shared/no-machine.ts';
import { clientToken, dryRun, ECS_VERSION, owners, regionId } from './shared/parameters.ts';

const MAX_INSTANCES = 100;

export const DeleteInstances = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteInstances',
  kind: 'write',
  docs: {
    summary: 'Deletes the records of up to 100 instances, all or none.',
    notes: 'As DeleteInstance for each of them. A dry run that passes is DryRunOperation here too.',
  },
  input: object({
    RegionId: regionId(),
    InstanceId: list(string({ maxLength: 128, invalid: 'InvalidInstanceIds.NotFound' }), {
      description: 'Ids, N from 1 to 100.',
      missing: 'MissingParameter',
      maxItems: MAX_INSTANCES,
      tooMany: 'InvalidParameter.TooManyInstanceIds',
    }),
    Force: optional(boolean({ description: 'Delete them also while they are Running.' })),
    ForceStop: optional(boolean({ withoutEffect: 'Nothing runs that could be stopped first.' })),
    TerminateSubscription: optional(boolean({ withoutEffect: 'Nothing is sold here.' })),
    ClientToken: clientToken(),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingParameter: 400,
    InvalidParameter: 400,
    DryRunOperation: 400,
    IdempotentParameterMismatch: 400,
    IncorrectInstanceStatus: 403,
    'IncorrectInstanceStatus.Initializing': 403,
    'InvalidOperation.DeletionProtection': 403,
    'InvalidParameter.TooManyInstanceIds': 403,
    'InvalidInstanceIds.NotFound': 404,
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
    '400 DRYRUN.SUCCESS': 'A dry run is answered with DryRunOperation, as the parameter promises.',
    '400 InvalidParameter.CrossRegionNotSupport':
      'An instance of another region is InvalidInstanceIds.NotFound.',
    '403 InvalidInstanceIds.ValueNotSupported':
      'A state that forbids it is IncorrectInstanceStatus.',
  },
  access: {
    action: 'ecs:DeleteInstances',
    resource: ({ InstanceId }) => eachOf('instance', InstanceId),
  },
  example: {
    request: { RegionId: 'cn-hangzhou', 'InstanceId.1': 'i-bp1g6zv0ce8oghu7k2qp', Force: 'true' },
    response: {},
  },
  recordsOnly: true,
  dryRun: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    for (const id of new Set(input.InstanceId)) {
      const found = await ctx.tx.resource(scope, 'instance', id, ctx.nowMs);
      if (found === undefined) throw ctx.fail('InvalidInstanceIds.NotFound');
      await deleteInstance(ctx, toInstance(found), input.Force === true);
    }
    return {};
  },
});
