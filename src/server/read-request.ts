// The first steps: from bytes to a known action and a whole envelope.
import { ApiError } from '../errors.ts';
import { parseCall, parseEnvelope } from '../wire/envelope.ts';
import { headerOf } from '../wire/headers.ts';
import { parseParameters } from '../wire/params.ts';
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';

/** Largest body of a call; uploads have paths of their own. */
export const MAX_BODY_BYTES = 1024 * 1024;

export const limitBody = (exchange: Exchange): void => {
  exchange.hostId = headerOf(exchange.request, 'host') ?? '';
  if (exchange.request.body.length > MAX_BODY_BYTES) throw new ApiError('RequestTooLarge.Body');
};

export const readParameters = (exchange: Exchange): void => {
  exchange.parameters = parseParameters(exchange.request);
};

export const findOperation = (exchange: Exchange, { registry }: House): void | Promise<void> => {
  const call = parseCall(exchange.request, exchange.parameters!);
  exchange.call = call;
  const found = registry.find(call.version, call.action);
  if (!(found instanceof Promise)) {
    exchange.operation = found;
    return;
  }
  return found.then((operation) => {
    exchange.operation = operation;
  });
};

/** Of a request whose action nobody looks up: a signed read of a path. */
export const findEnvelope = (exchange: Exchange): void => {
  // HEAD says in its query what GET would; the signature is of the method that came.
  exchange.parameters = parseParameters({ ...exchange.request, method: 'GET' });
  exchange.envelope = parseEnvelope(exchange.request, exchange.parameters);
};

/** Of a call that needs no signature none is read, be there one or not. */
export const readEnvelope = (exchange: Exchange): void => {
  if (exchange.operation!.access.anonymous !== undefined) return;
  exchange.envelope = parseEnvelope(exchange.request, exchange.parameters!, exchange.call);
};
