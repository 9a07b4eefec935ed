// What StartInstances, StopInstances and RebootInstances have in common: many instances in one call, all or
// none, or as many as can be.
import type { RegionId } from '../../../domain/ids.ts';
import { moveInstance } from '../../../domain/instance-lifecycle.ts';
import {
  INSTANCE_MOVES,
  permitsMove,
  toInstance,
  type InstanceMove,
} from '../../../domain/instance.ts';
import { choice, list, object, optional, string } from '../../../lib/schema.ts';
import type { WriteContext } from '../../../operation.ts';
import { dryRun, owners, regionId } from './parameters.ts';

const MAX_INSTANCES = 100;

export const moveInstancesInput = {
  RegionId: regionId(),
  InstanceId: list(string({ maxLength: 128 }), {
    description: 'Ids, N from 1 to 100.',
    missing: 'MissingParameter',
    maxItems: MAX_INSTANCES,
    tooMany: 'InvalidParameter',
  }),
  BatchOptimization: optional(
    choice(['AllTogether', 'SuccessFirst'], {
      description: 'AllTogether: all or none; SuccessFirst: those whose state permits it.',
      default: 'AllTogether',
    }),
  ),
  DryRun: dryRun,
  ...owners,
};

export const moveInstancesOutput = object({
  InstanceResponses: object({
    InstanceResponse: list(
      object({
        Code: string({ description: '200, or the code of the refusal.' }),
        CurrentStatus: string(),
        InstanceId: string(),
        Message: string(),
        PreviousStatus: string(),
      }),
    ),
  }),
});

export const moveInstancesErrors = {
  MissingRegionId: 400,
  MissingParameter: 400,
  InvalidParameter: 400,
  DryRunOperation: 400,
  IncorrectInstanceStatus: 403,
  'InvalidInstanceId.NotFound': 404,
  'InvalidRegionId.NotFound': 404,
} as const;

interface MoveRequest {
  RegionId: string;
  InstanceId: readonly string[];
  BatchOptimization?: 'AllTogether' | 'SuccessFirst';
  StoppedMode?: string;
}

/** Moves the instances; an unknown id refuses the whole call in either way. */
export const moveInstances = async (
  ctx: Pick<
    WriteContext<'IncorrectInstanceStatus' | 'InvalidInstanceId.NotFound'>,
    'tx' | 'caller' | 'nowMs' | 'fail'
  >,
  move: InstanceMove,
  { RegionId, InstanceId, BatchOptimization, StoppedMode }: MoveRequest,
) => {
  const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
  const InstanceResponse = [];
  for (const id of new Set(InstanceId)) {
    const found = await ctx.tx.resource(scope, 'instance', id, ctx.nowMs);
    if (found === undefined) throw ctx.fail('InvalidInstanceId.NotFound');
    const told = { InstanceId: id, PreviousStatus: found.status };
    if (permitsMove(found, move)) {
      await moveInstance(ctx.tx, toInstance(found), move, StoppedMode);
      const CurrentStatus = INSTANCE_MOVES[move].via;
      InstanceResponse.push({ ...told, Code: '200', CurrentStatus, Message: 'success' });
      continue;
    }
    const refusal = ctx.fail('IncorrectInstanceStatus');
    if (BatchOptimization !== 'SuccessFirst') throw refusal;
    const { code, message } = refusal;
    InstanceResponse.push({ ...told, Code: code, CurrentStatus: found.status, Message: message });
  }
  return { InstanceResponses: { InstanceResponse } };
};
