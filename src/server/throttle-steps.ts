import { ApiError } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';
import { classOf, type Throttle } from './throttle.ts';

type Parts = Pick<House, 'throttle'>;

/** A call without a signature is nobody's but its address's. */
export const countAnonymous = ({ operation, request }: Exchange, { throttle }: Parts): void => {
  if (operation!.access.anonymous !== undefined)
    throttle.takeFrom(request.remoteAddress ?? '', 'anonymous');
};

/** Before the signature: while an account is beyond its rate, its calls cost next to nothing. */
export const refuseFlood = ({ credentials, operation }: Exchange, { throttle }: Parts): void =>
  throttle.look(credentials!.accountId, classOf(operation!));

/** After the signature and the nonce: only a call that is the account's own counts. */
export const countCall = ({ credentials, operation }: Exchange, { throttle }: Parts): void =>
  throttle.take(credentials!.accountId, classOf(operation!));

/**
 * What a call is answered that ended with an error. One whose signature was not found right takes of its
 * address, and beyond the rate it is not told what was wrong with it.
 */
export const countFailure = (
  error: ApiError,
  exchange: Exchange,
  { throttle }: Parts,
): ApiError => {
  const { operation, envelope, nonceFingerprint, request } = exchange;
  const isSigned = envelope !== undefined && operation?.access.anonymous === undefined;
  const isProven = nonceFingerprint !== undefined;
  if (!isSigned || isProven || error.status >= 500 || error.code === 'Throttling.User')
    return error;
  return tooManyFailures(request.remoteAddress, throttle) ?? error;
};

/** Counts a failure of the address; the refusal, when they are too many. */
export const tooManyFailures = (
  address: string | undefined,
  throttle: Throttle,
): ApiError | undefined => {
  try {
    throttle.takeFrom(address ?? '', 'failed');
    return undefined;
  } catch (refused) {
    if (refused instanceof ApiError) return refused;
    throw refused;
  }
};
