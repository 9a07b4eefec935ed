import type { Caller, Credentials } from '../domain/account.ts';
import type { ReadTx } from '../domain/tx.ts';
import type { Operation } from '../operation.ts';
import type { Call, Envelope } from '../wire/envelope.ts';
import type { Parameters } from '../wire/params.ts';
import type { WireRequest } from '../wire/request.ts';

/** One request on its way through the pipeline; each step fills in what it finds. */
export interface Exchange {
  readonly request: WireRequest;
  readonly requestId: string;
  readonly startMs: number;
  /** Wall clock when the request came. */
  readonly nowMs: number;
  /** Host that the client called. */
  hostId: string;
  parameters?: Parameters;
  call?: Call;
  operation?: Operation;
  envelope?: Envelope;
  credentials?: Credentials;
  /** The secret of temporary credentials, out of their token. */
  sessionSecret?: string;
  caller?: Caller;
  /** Set for callers whose policies have to be asked. @throws ApiError when they do not allow the call */
  permit?: (tx: ReadTx) => Promise<void>;
  nonceFingerprint?: string;
  input?: Record<string, unknown>;
  /** Names of parameters that the operation does not know and nothing reads. */
  ignored?: readonly string[];
  output?: object;
  /** Id of the fault of the test controls that the call met. */
  faultId?: string;
}
