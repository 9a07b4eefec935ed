import { principalArn } from '../domain/principal.ts';
import type { Exchange } from './exchange.ts';

/** The caller of a call without a signature is whom it claims to be; the handler decides about that. */
export const claimCaller = (exchange: Exchange): void => {
  const claim = exchange.operation!.access.anonymous?.(exchange.input);
  if (claim === undefined) return;
  const { accountId, principal } = claim;
  const arn = principalArn(accountId, principal);
  exchange.caller = { accountId, principal, arn, accessKeyId: '', isOperator: false };
};
