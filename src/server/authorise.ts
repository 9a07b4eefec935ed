// May they. Root of an account may do everything in it, and nothing is read for that; users and roles may
// what their policies allow. The right is asked for in the snapshot that the handler reads from; of a
// write it is asked once more before, so that what is refused never reaches the queue of writes.
import { principalArn } from '../domain/principal.ts';
import { ApiError } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';

export const authorise = (exchange: Exchange, house: House): void | Promise<void> => {
  const { accountId, accessKeyId, isOperator, principal } = exchange.credentials!;
  const { access } = exchange.operation!;
  const arn = principalArn(accountId, principal);
  exchange.caller = { accountId, principal, arn, accessKeyId, isOperator };
  if (access.operatorOnly && !isOperator) throw new ApiError('NoPermission');
  if (principal.kind === 'root' || access.everybody) return;
  if (access.rootOnly)
    throw new ApiError('NoPermission', {
      message: 'Only a root key of the account may do this, whatever policies allow.',
    });
  return askPolicies(exchange, house);
};

let policies: typeof import('./policies.ts') | undefined;

const askPolicies = async (exchange: Exchange, house: House): Promise<void> => {
  const { permitFor } = (policies ??= await import('./policies.ts'));
  exchange.permit = permitFor(exchange, house);
  if (exchange.operation!.kind !== 'read') await house.store.read(exchange.permit);
};
