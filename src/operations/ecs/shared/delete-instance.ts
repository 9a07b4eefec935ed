import { removeInstance } from '../../../domain/instance-lifecycle.ts';
import type { Instance } from '../../../domain/instance.ts';
import type { WriteContext } from '../../../operation.ts';

export type DeleteInstanceFault =
  | 'IncorrectInstanceStatus'
  | 'IncorrectInstanceStatus.Initializing'
  | 'InvalidOperation.DeletionProtection';

/** Deletes the instance unless its state or its protection forbids it; `isForced` lifts the first. */
export const deleteInstance = async (
  ctx: Pick<WriteContext<DeleteInstanceFault>, 'tx' | 'fail'>,
  instance: Instance,
  isForced: boolean,
): Promise<void> => {
  if (instance.status === 'Pending') throw ctx.fail('IncorrectInstanceStatus.Initializing');
  if (instance.status !== 'Stopped' && !isForced) throw ctx.fail('IncorrectInstanceStatus');
  if (instance.detail.deletionProtection) throw ctx.fail('InvalidOperation.DeletionProtection');
  await removeInstance(ctx.tx, instance);
};
