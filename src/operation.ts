// What an operation is: one value in one file, made by `defineOperation`. Dispatch, validation,
// rendering, CLI, client, OpenAPI, reference page and coverage are derived from these values; nothing
// else may describe an operation a second time.
import type { ErrorCode, ErrorOptions } from './errors.ts';
import { ApiError } from './errors.ts';
import type { Static, TObject, TSchema } from './lib/schema.ts';
import type { Caller } from './domain/account.ts';
import type { Catalogue } from './domain/catalogue.ts';
import type { FamilyLookup } from './domain/family.ts';
import type { ExportFormat } from './domain/image-export.ts';
import type { IdPrefix, newId } from './domain/ids.ts';
import type { Asked } from './domain/policy/thing.ts';
import type { Circumstances } from './domain/policy/circumstances.ts';
import type { Image } from './domain/image.ts';
import type { Quotas } from './domain/quota.ts';
import type { Regions } from './domain/region.ts';
import type { ReadTx, Tx } from './domain/tx.ts';
import type { Installation } from './domain/installation.ts';

/**
 * Products whose things lie in no region. Many clients send a RegionId to them as to all others: it is taken
 * and means nothing, not even for the resource that policies are asked about.
 */
export const REGIONLESS: ReadonlySet<Product> = new Set(['ram', 'sts']);

export type Product = 'ecs' | 'sts' | 'vpc' | 'location' | 'ram' | 'resourcemanager' | 'kindred';

/** Settings of the server that answers depend on. */
export interface Settings {
  regions: Regions;
  quotas: Quotas;
  familyLookup: FamilyLookup;
  /** What an export writes that names no format. */
  exportFormat: ExportFormat;
  /** The public images. */
  catalogue: Catalogue;
  /** How long an execution of an image pipeline waits before it begins, milliseconds. */
  pipelineHoldMs: number;
}

/** What every handler is given, besides its transaction. */
export interface CallContext<Code extends string> {
  readonly caller: Caller;
  readonly requestId: string;
  /** Host that the client called, for endpoints in answers. */
  readonly hostId: string;
  /** Wall clock at the start of the request, milliseconds. */
  readonly nowMs: number;
  readonly settings: Settings;
  /** From where the call came and how, as policies may ask. */
  readonly circumstances: Circumstances;
  /** Bytes, buckets and secrets, as far as operations may touch them. */
  readonly installation: Installation;
  /** The caller was told to use this image; counted by day, not recorded. */
  noteResolution(image: Pick<Image, 'imageId' | 'accountId'>): void;
  newId<P extends IdPrefix>(prefix: P, regionId: string): ReturnType<typeof newId<P>>;
  /** Makes the declared error; the handler throws it. Only codes that the operation declares. */
  fail(code: Code, options?: Omit<ErrorOptions, 'status'>): ApiError;
}

export interface ReadContext<Code extends string> extends CallContext<Code> {
  readonly tx: ReadTx;
}
export interface WriteContext<Code extends string> extends CallContext<Code> {
  readonly tx: Tx;
}

export interface OperationDocs {
  /** One sentence. */
  summary: string;
  /** What is different here from the cloud, if anything; Markdown. */
  notes?: string;
}

/** The RAM action and the resource that an authorisation decision is about. */
export interface Access<Input> {
  /**
   * No signature is asked for: the handler itself finds out who calls, by what the input brings. The
   * caller is whom the input claims to be, and not to be believed before that.
   */
  anonymous?(input: Input): Pick<Caller, 'accountId' | 'principal'>;
  /** `ecs:DescribeImages`; `operator` operations are open to the operator's account alone. */
  action: string;
  operatorOnly?: true;
  /** Gives out or touches root keys: never by a user or a role, whatever its policies allow. */
  rootOnly?: true;
  /** Open to whoever signs, without any policy: it tells the caller about itself alone. */
  everybody?: true;
  /** What it is about: the tails of ARNs after `acs:ecs:<region>:<account>:`. Every one must be allowed. */
  resource(input: Input): Asked | readonly Asked[];
}

export interface Idempotency<Code extends string> {
  /** Raised when the token was used with other parameters. */
  mismatch: Code;
}

interface Declaration<I extends TObject, O extends TSchema, Code extends ErrorCode> {
  product: Product;
  version: string;
  action: string;
  docs: OperationDocs;
  input: I;
  output: O;
  /** Code → the status that this operation answers it with. */
  errors: Readonly<Record<Code, number>>;
  /** `"<status> <code>"` of the vendor's list that cannot occur here → why. */
  cannotOccur: Readonly<Record<string, string>>;
  access: Access<Static<I>>;
  /** Shown in the docs and run as a test. Values are wire texts (`{"Tag.1.Key": "env"}`). */
  example: { request: Readonly<Record<string, string>>; response: Static<O> };
  /** Kept as records only, nothing runs: the answer says so in the header `x-kindred-limit`. */
  recordsOnly?: true;
  /** Present when the operation takes a `DryRun` parameter. */
  dryRun?: true;
  /** Present when the operation takes a `ClientToken` parameter. */
  idempotency?: Idempotency<NoInfer<Code>>;
}

export interface ReadOperation<
  I extends TObject = TObject,
  O extends TSchema = TSchema,
  Code extends ErrorCode = ErrorCode,
> extends Declaration<I, O, Code> {
  kind: 'read';
  handler(ctx: ReadContext<Code>, input: Static<I>): Promise<Static<O>>;
}

export interface WriteOperation<
  I extends TObject = TObject,
  O extends TSchema = TSchema,
  Code extends ErrorCode = ErrorCode,
  Facts = unknown,
> extends Declaration<I, O, Code> {
  /** `task`: a write whose work goes on as a job after the answer. */
  kind: 'write' | 'task';
  /** Input and output outside the store (is the object there?), before the transaction opens. */
  prepare?(ctx: CallContext<Code>, input: Static<I>): Promise<Facts>;
  /** Awaits only verbs of `ctx.tx`; may run more than once. */
  handler(ctx: WriteContext<Code>, input: Static<I>, facts: Facts): Promise<Static<O>>;
}

/** Any operation, as the pipeline and the generators see it. */
export type Operation =
  // oxlint-disable-next-line typescript/no-explicit-any -- handlers are contravariant in their input
  ReadOperation<any, any, any> | WriteOperation<any, any, any, any>;

/** Declares an operation. The returned value is the declaration itself, typed. */
export function defineOperation<I extends TObject, O extends TSchema, Code extends ErrorCode>(
  operation: ReadOperation<I, O, Code>,
): ReadOperation<I, O, Code>;
export function defineOperation<
  I extends TObject,
  O extends TSchema,
  Code extends ErrorCode,
  Facts = undefined,
>(operation: WriteOperation<I, O, Code, Facts>): WriteOperation<I, O, Code, Facts>;
export function defineOperation(operation: Operation): Operation {
  return operation;
}

/**
 * The same operation under another product: the vendor serves some twice (CreateVpc under ECS and VPC).
 * Parameters, answer, errors, RAM action and handler are one; so is what it changes.
 */
export const servedAs = <O extends Operation>(
  operation: O,
  product: Product,
  version: string,
): O => ({ ...operation, product, version });
