// The last steps: decode the input by the operation's schema, run the handler behind one of the two
// doors. DryRun runs the same write and rolls it back. A ClientToken is looked up and kept in the
// transaction of the effect, so that a retry, however it comes, has at most one effect.
import { createHash } from 'node:crypto';
import type { RegionId } from '../domain/ids.ts';
import { newId } from '../domain/ids.ts';
import type { ReadTx, Scope, Tx } from '../domain/tx.ts';
import { ApiError, type ErrorCode } from '../errors.ts';
import { asNode } from '../lib/schema.ts';
import { REGIONLESS, type CallContext, type Operation, type WriteOperation } from '../operation.ts';
import { decode } from '../wire/decode.ts';
import { writeRecord } from './audit/record.ts';
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';
import { WINDOW_MS } from './nonces.ts';

/** How long a ClientToken is remembered. */
const TOKEN_MS = 24 * 60 * 60_000;

type Errors = Readonly<Partial<Record<ErrorCode, number>>>;
type Input = Record<string, unknown>;

export const decodeInput = (exchange: Exchange, house: House): void => {
  const operation = exchange.operation!;
  const errors = operation.errors as Errors;
  const decoded = decode(operation.input, exchange.parameters!.business, {
    status: (code) => errors[code],
  });
  const unknown = REGIONLESS.has(operation.product)
    ? decoded.unknown.filter((name) => name !== 'RegionId')
    : decoded.unknown;
  if (unknown.length > 0) {
    refuseLostDryRun(exchange, unknown);
    exchange.ignored = unknown;
    house.metrics.unknownParameters(operation.action, unknown.length);
  }
  exchange.input = decoded.value as Input;
  requireRegion(operation, exchange.input, house);
};

/** A parameter that nothing reads is ignored, but not the one that asks for no effect. */
const refuseLostDryRun = (
  { operation, parameters }: Exchange,
  unknown: readonly string[],
): void => {
  if (operation!.kind === 'read' || !unknown.includes('DryRun')) return;
  if (/^false$/i.test(parameters!.business.get('DryRun') ?? 'false')) return;
  throw new ApiError('InvalidParameter', {
    message: `DryRun: ${operation!.action} has no dry run. Nothing was changed; leave DryRun out to do it.`,
  });
};

/** Every operation with a region refuses an unknown one, each with its own status. */
const requireRegion = (operation: Operation, input: Input, { settings }: House): void => {
  const { RegionId } = input;
  if (typeof RegionId !== 'string' || settings.regions.has(RegionId)) return;
  const node = asNode(operation.input).properties?.RegionId;
  if (node?.withoutEffect !== undefined) return;
  throw fail(operation, (node?.invalid ?? 'InvalidRegionId.NotFound') as ErrorCode);
};

export const execute = async (exchange: Exchange, house: House): Promise<void> => {
  const operation = exchange.operation!;
  const input = exchange.input!;
  const context = makeContext(exchange, house);
  if (operation.kind === 'read') {
    const { permit } = exchange;
    const run = (tx: ReadTx) => operation.handler({ ...context, tx }, input);
    exchange.output = await house.store.read(
      permit === undefined ? run : (tx) => permit(tx).then(() => run(tx)),
    );
    if (operation.dryRun && input.DryRun === true) throw fail(operation, 'DryRunOperation');
    return;
  }
  const facts = operation.prepare && (await operation.prepare(context, input));
  const actor = {
    principal: exchange.caller!.arn,
    requestId: exchange.requestId,
    nowMs: exchange.nowMs,
  };
  exchange.output = await house.store.write(actor, (tx) =>
    runWrite(operation, { ...context, tx }, input, facts, exchange),
  );
};

const runWrite = async (
  operation: WriteOperation,
  ctx: CallContext<string> & { tx: Tx },
  input: Input,
  facts: unknown,
  exchange: Exchange,
): Promise<object> => {
  const { tx } = ctx;
  if (exchange.permit !== undefined) await exchange.permit(tx);
  await keepNonce(tx, exchange);
  const isDryRun = operation.dryRun === true && input.DryRun === true;
  const token = operation.idempotency && !isDryRun ? input.ClientToken : undefined;
  if (typeof token !== 'string') {
    const output = (await operation.handler(ctx, input, facts)) as object;
    if (isDryRun) throw fail(operation, 'DryRunOperation');
    tx.record(writeRecord(exchange, output, { isReplay: false }));
    return output;
  }
  const scope: Scope = {
    accountId: ctx.caller.accountId,
    regionId: (typeof input.RegionId === 'string' ? input.RegionId : '') as RegionId,
  };
  const inputHash = hashOf(input);
  const space = tokenSpace(operation);
  const earlier = await tx.token(scope, space, token);
  if (earlier !== undefined && earlier.expiresMs > ctx.nowMs) {
    if (earlier.inputHash !== inputHash)
      throw fail(operation, operation.idempotency!.mismatch as ErrorCode);
    const output = JSON.parse(earlier.output) as object;
    tx.record(writeRecord(exchange, output, { isReplay: true }));
    return output;
  }
  const output = (await operation.handler(ctx, input, facts)) as object;
  await tx.insertToken(scope, space, token, {
    inputHash,
    output: JSON.stringify(output),
    expiresMs: ctx.nowMs + TOKEN_MS,
  });
  tx.record(writeRecord(exchange, output, { isReplay: false }));
  return output;
};

/** A replay ends here at the latest. A call without a signature has no nonce. */
const keepNonce = async (tx: Tx, { envelope, nonceFingerprint }: Exchange): Promise<void> => {
  if (nonceFingerprint === undefined) return;
  const expiresMs = envelope!.timestampMs + WINDOW_MS;
  if (!(await tx.insertNonce(nonceFingerprint, expiresMs)))
    throw new ApiError('SignatureNonceUsed');
};

/** An Action that two products have is two operations; a token of one says nothing to the other. */
const tokenSpace = ({ product, action }: Operation): string =>
  product === 'ecs' ? action : `${product}:${action}`;

const makeContext = (exchange: Exchange, house: House): CallContext<string> => ({
  caller: exchange.caller!,
  requestId: exchange.requestId,
  hostId: exchange.hostId,
  nowMs: exchange.nowMs,
  circumstances: {
    sourceIp: exchange.request.remoteAddress,
    isSecure: exchange.request.isSecure === true,
  },
  settings: house.settings,
  installation: house.installation,
  noteResolution: (image) => house.trail.uses.resolved(exchange.caller!, image, exchange.nowMs),
  newId: (prefix, regionId) =>
    newId(house.random, prefix, house.settings.regions.get(regionId)?.code ?? '000'),
  fail: (code, options) => fail(exchange.operation!, code as ErrorCode, options),
});

/** The declared error with the operation's status; an undeclared one is a bug. */
const fail = (
  operation: Operation,
  code: ErrorCode,
  options: { message?: string; parameter?: string } = {},
): ApiError => {
  const status = (operation.errors as Errors)[code];
  if (status === undefined) throw new Error(`${operation.action} does not declare ${code}`);
  return new ApiError(code, { ...options, status });
};

/** The decoded input is made in schema order, so that equal inputs have equal texts. */
const hashOf = (input: Input): string =>
  createHash('sha256').update(JSON.stringify(input)).digest('hex');
