// The path of a request through the object door, readable top to bottom: read → who → what → may → whose
// → answer. Errors from anywhere become OSS's XML; what is no OssError is a bug, logged with its
// RequestId, and the answer says nothing of it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { StoreUnavailable } from '../../store/unavailable.ts';
import { MalformedOssRequest, readOssRequest, type OssRequest } from '../../wire/oss-request.ts';
import { StoreUnavailable as BytesUnavailable } from '../../blobs/blob-store.ts';
import { isFull } from '../../blobs/file-error.ts';
import { DEFAULT_FLOOR_BYTES } from '../../blobs/stage.ts';
import type { Buckets } from '../../blobs/buckets.ts';
import type { House } from '../house.ts';
import { authenticateOss } from './authenticate.ts';
import { OssError, renderOssError } from './error.ts';
import { refuseUnservedHeaders } from './object-headers.ts';
import { noteRefusal, recordChange, type DoorCall } from './object-records.ts';
import { makeObjects } from './objects.ts';
import type { OssAnswer, OssOperation } from './operation.ts';
import { matchOssOperation } from './operations.ts';
import { ASK_THEMSELVES, makePermit, OSS_ACTIONS } from './permit.ts';
import { requireOwnBucket } from './own-bucket.ts';
import { tooManyFailures } from '../throttle-steps.ts';

export type OssDoor = (incoming: IncomingMessage, response: ServerResponse) => void;

/** Parameters of signing, which every operation may have. */
const SIGNING = new Set(
  'OSSAccessKeyId Expires Signature security-token x-oss-security-token x-oss-signature-version x-oss-credential x-oss-date x-oss-expires x-oss-additional-headers x-oss-signature'.split(
    ' ',
  ),
);

/** How long the rest of a body is taken after its refusal. */
const LET_GO_MS = 2_000;

interface Passage extends DoorCall {
  startMs: number;
}

export const makeOssDoor = (
  house: House,
  buckets: Buckets,
  floorBytes = DEFAULT_FLOOR_BYTES,
): OssDoor => {
  const objects = makeObjects(house, buckets, floorBytes);
  const serve = async (incoming: IncomingMessage, passage: Passage): Promise<OssAnswer> => {
    const { method = '', url = '/', rawHeaders } = incoming;
    const request = readOssRequest(method, url, rawHeaders);
    passage.host = request.host;
    passage.request = request;
    const caller = await authenticateOss(request, house).catch((thrown: unknown) =>
      countFailure(thrown, passage, house),
    );
    passage.caller = caller;
    const operation = findOperation(request);
    passage.operation = operation;
    refuseUnservedHeaders(request);
    const permit = makePermit(house, caller, incoming);
    if (!ASK_THEMSELVES.has(operation.name))
      await permit(OSS_ACTIONS.get(operation.name), [resourceOf(request)]);
    if (operation.target !== 'service' && !operation.makesBucket)
      await requireOwnBucket({ house, objects }, caller, request.bucket);
    const { requestId } = passage;
    const noteObjects = (keys: readonly string[]): void => void (passage.objects = keys);
    const given = { house, objects, request, incoming, caller };
    const context = { ...given, permit, requestId, noteObjects };
    const answer = await operation.run(context);
    await recordChange(house, passage);
    return answer;
  };
  return (incoming, response) => {
    const requestId = house.random.uuid().replaceAll('-', '').slice(0, 24).toUpperCase();
    const peer = incoming.socket.remoteAddress;
    // The address is asked at once: a connection that broke has none any more.
    const passage: Passage = {
      requestId,
      startMs: house.clocks.monotonicMs(),
      host: '',
      peer,
      userAgent: incoming.headers['user-agent'],
    };
    void serve(incoming, passage)
      .catch((thrown: unknown) => refusal(thrown, passage, house, incoming.method === 'HEAD'))
      .then((answer) => send(answer, passage, incoming, response))
      .catch((error: unknown) => house.log.debug({ requestId, err: error }, 'answer broke off'))
      .finally(() => record(passage, response, incoming, house));
  };
};

const resourceOf = ({ bucket, key }: OssRequest): string =>
  bucket === '' ? '*' : key === '' ? bucket : `${bucket}/${key}`;

/** @throws OssError when nothing serves the request, or would not read a parameter of it */
const findOperation = (request: OssRequest): OssOperation => {
  const { method, bucket, key, query } = request;
  const found = matchOssOperation(request);
  const unread = [...query.keys()].find(
    (name) =>
      !SIGNING.has(name) && name !== found?.selector && found?.parameters.includes(name) !== true,
  );
  if (found !== undefined && unread === undefined) return found;
  const target = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const what = unread === undefined ? `${method} of a ${target}` : `the parameter ${unread} there`;
  throw new OssError('NotImplemented', `Kindred does not serve ${what}.`);
};

/** As at `/`: an address whose requests fail beyond the rate is not told any more what is wrong with them. */
const countFailure = async (
  thrown: unknown,
  { peer }: Passage,
  { throttle }: House,
): Promise<never> => {
  if (!(thrown instanceof OssError) || tooManyFailures(peer, throttle) === undefined) throw thrown;
  await throttle.pause();
  throw new OssError('QpsLimitExceeded');
};

const refusal = (thrown: unknown, passage: Passage, house: House, isHead: boolean): OssAnswer => {
  const error = expected(thrown, passage, house);
  noteRefusal(house, passage, error);
  const headers = { 'x-oss-ec': error.code };
  if (error.status === 304) return { status: error.status, headers };
  const body = renderOssError(error, passage.requestId, passage.host);
  // Where no body may be, OSS tells the same in a header, and its newer SDKs read it there.
  return isHead
    ? { status: error.status, headers: { ...headers, 'x-oss-err': toBase64(body) } }
    : { status: error.status, headers, body };
};

const toBase64 = (text: string): string => Buffer.from(text).toString('base64');

const expected = (thrown: unknown, { requestId, operation }: Passage, { log }: House): OssError => {
  if (thrown instanceof OssError) return thrown;
  if (thrown instanceof MalformedOssRequest) return new OssError('InvalidArgument', thrown.message);
  if (thrown instanceof StoreUnavailable) {
    log.error({ requestId, reason: thrown.message }, 'store unavailable');
    return new OssError('ServiceUnavailable');
  }
  if (thrown instanceof BytesUnavailable) {
    log.error({ requestId, reason: thrown.message }, 'the storage of buckets is unavailable');
    return new OssError('ServiceUnavailable', 'The storage of the buckets does not answer now.');
  }
  if (isFull(thrown)) return new OssError('InsufficientStorage');
  log.error({ requestId, action: operation?.name, err: thrown }, 'internal error');
  return new OssError('InternalError');
};

const send = async (
  { status, headers = {}, body }: OssAnswer,
  { requestId }: Passage,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  // What was not read of the body would be taken for the next request.
  if (!incoming.complete) response.setHeader('connection', 'close');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, headerText(value));
  response.setHeader('x-oss-request-id', requestId);
  response.setHeader('x-content-type-options', 'nosniff');
  if (body === undefined || typeof body === 'string') {
    if (typeof body === 'string') response.setHeader('content-type', 'application/xml');
    const hasLength = response.hasHeader('content-length') || status === 304 || status === 204;
    if (!hasLength) response.setHeader('content-length', Buffer.byteLength(body ?? ''));
    response.writeHead(status).end(body);
    if (!incoming.complete) response.once('finish', () => letGo(incoming));
    return;
  }
  response.writeHead(status);
  await pipeline(body, response);
};

/**
 * A client that is still sending must be able to read the answer: a connection that is closed over unread
 * bytes is reset, and the answer lost. So the rest is taken for a while, and thrown away.
 */
const letGo = (incoming: IncomingMessage): void => {
  const timer = setTimeout(() => incoming.destroy(), LET_GO_MS).unref();
  incoming.once('close', () => clearTimeout(timer));
  incoming.resume();
};

/** As bytes of UTF-8, one character each, as Node writes headers. */
const headerText = (value: string | number): string | number =>
  typeof value === 'number' ? value : Buffer.from(value).toString('latin1');

const record = (
  { operation, caller, requestId, startMs, peer }: Passage,
  response: ServerResponse,
  incoming: IncomingMessage,
  house: House,
): void => {
  const elapsedMs = house.clocks.monotonicMs() - startMs;
  const code = response.statusCode < 400 ? 'OK' : String(response.getHeader('x-oss-ec') ?? 'error');
  const action = operation === undefined ? 'oss:unknown' : `oss:${operation.name}`;
  house.metrics.count(action, code, elapsedMs / 1000);
  const level = code === 'OK' && incoming.method !== 'PUT' ? 'debug' : 'info';
  house.log[level](
    {
      requestId,
      action,
      account: caller?.accountId,
      accessKeyId: caller?.accessKeyId,
      peer,
      status: response.statusCode,
      code,
      elapsedMs: Math.round(elapsedMs * 100) / 100,
    },
    'request',
  );
};
