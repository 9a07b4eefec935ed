// The path of a request, as one list, readable top to bottom. `handle(request)` has no port in it.
// A step throws to end the request; errors from anywhere go to one renderer. Anything thrown that is
// not an ApiError is a bug: it is logged with its RequestId, and the answer says nothing of it.
import { ApiError } from '../errors.ts';
import { StoreUnavailable as BytesUnavailable } from '../blobs/blob-store.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { formatOf } from '../wire/envelope.ts';
import { renderError, renderSuccess } from '../wire/render.ts';
import type { WireRequest, WireResponse } from '../wire/request.ts';
import { checkNonce, checkSignature, checkWindow, findCredentials } from './authenticate.ts';
import { authorise } from './authorise.ts';
import { claimCaller } from './claim-caller.ts';
import { decodeInput, execute } from './execute.ts';
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';
import { ignoredText } from './ignored.ts';
import { logText } from './log.ts';
import { noteKeyUse } from './key-use.ts';
import { noteKnownKey } from './known-keys.ts';
import { PRODUCT_NAMES } from './product-names.ts';
import { findOperation, limitBody, readEnvelope, readParameters } from './read-request.ts';
import { countAnonymous, countCall, countFailure, refuseFlood } from './throttle-steps.ts';

export type Step = (exchange: Exchange, house: House) => void | Promise<void> | undefined;

/** Steps about the signature, for the operations that ask for one: all but a few. */
const signed =
  (step: Step): Step =>
  (exchange, house) =>
    exchange.operation!.access.anonymous === undefined ? step(exchange, house) : undefined;

/** Where the test controls may step in: the call has every right, nothing is done yet. */
const meetWatch: Step = (exchange, { watch }) => watch?.beforeOperation(exchange);

const PIPELINE: readonly Step[] = [
  limitBody,
  readParameters,
  findOperation,
  readEnvelope,
  countAnonymous,
  signed(findCredentials),
  signed(refuseFlood),
  signed(checkWindow),
  signed(checkSignature),
  signed(checkNonce),
  signed(countCall),
  signed(noteKeyUse),
  signed(noteKnownKey),
  decodeInput,
  signed(authorise),
  claimCaller,
  meetWatch,
  execute,
];

/** @param refusal what is answered without looking at the request: there was no room for it */
export type Handle = (request: WireRequest, refusal?: ApiError) => Promise<WireResponse>;

export const makeHandle =
  (house: House): Handle =>
  async (request, refusal) => {
    const exchange = begin(request, house);
    let response: WireResponse;
    let code = 'OK';
    try {
      if (refusal !== undefined) throw refusal;
      for (const step of PIPELINE) {
        const pending = step(exchange, house);
        if (pending !== undefined) await pending;
      }
      response = renderSuccess({
        action: exchange.call!.action,
        requestId: exchange.requestId,
        format: exchange.call!.format,
        output: exchange.output!,
        headers: exchange.operation!.recordsOnly ? RECORDS_ONLY : undefined,
      });
    } catch (thrown) {
      const error = countFailure(expected(thrown, exchange, house), exchange, house);
      code = error.code;
      house.trail.refused.call(exchange, error);
      if (code === 'Throttling.User' || refusal !== undefined) await house.throttle.pause();
      response = renderError({
        error,
        requestId: exchange.requestId,
        hostId: exchange.hostId,
        format: exchange.call?.format ?? formatOf(request, exchange.parameters),
        product: PRODUCT_NAMES[exchange.operation?.product ?? 'ecs'],
      });
    }
    record(exchange, response.status, code, house);
    if (exchange.ignored !== undefined) response = withIgnored(response, exchange.ignored);
    return house.watch === undefined ? response : house.watch.answered(exchange, response, code);
  };

/** A caller is told what had no effect, whatever the answer is. */
const withIgnored = (response: WireResponse, names: readonly string[]): WireResponse => ({
  ...response,
  headers: { ...response.headers, 'x-kindred-ignored': ignoredText(names) },
});

/** Named in the header of answers about things that are kept as records. */
const RECORDS_ONLY = { 'x-kindred-limit': 'record only; no machine is started' };

const begin = (request: WireRequest, { clocks, random }: House): Exchange => ({
  request,
  requestId: random.uuid().toUpperCase(),
  startMs: clocks.monotonicMs(),
  nowMs: clocks.wallMs(),
  hostId: '',
});

/** Turns whatever was thrown into an error that may be answered. */
const expected = (thrown: unknown, exchange: Exchange, { log }: House): ApiError => {
  if (thrown instanceof ApiError) return thrown;
  const { requestId } = exchange;
  if (thrown instanceof StoreUnavailable || thrown instanceof BytesUnavailable) {
    log.error(
      { requestId, reason: thrown.message, cause: String(thrown.cause) },
      'store unavailable',
    );
    return new ApiError('ServiceUnavailable');
  }
  log.error({ requestId, action: exchange.call?.action, err: thrown }, 'internal error');
  return new ApiError('InternalError');
};

/** Log and metrics. Reads that went well are logged at debug: they are most of the traffic. */
const record = (exchange: Exchange, status: number, code: string, house: House): void => {
  const { operation, requestId, credentials } = exchange;
  const action = operation?.action ?? 'unknown';
  const elapsedMs = house.clocks.monotonicMs() - exchange.startMs;
  house.metrics.count(action, code, elapsedMs / 1000);
  const level = code === 'OK' && operation?.kind === 'read' ? 'debug' : 'info';
  if (!house.log.isLevelEnabled(level)) return;
  house.log[level](
    {
      requestId,
      action: operation?.action ?? logText(exchange.call?.action ?? ''),
      account: credentials?.accountId,
      accessKeyId: credentials?.accessKeyId,
      peer: exchange.request.remoteAddress,
      status,
      code,
      ignored: exchange.ignored && ignoredText(exchange.ignored),
      elapsedMs: Math.round(elapsedMs * 100) / 100,
    },
    'request',
  );
};
