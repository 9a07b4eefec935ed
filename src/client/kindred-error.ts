/** Codes of failures that no server answered. */
export type LocalCode =
  /** Nothing answers at the endpoint; `cause` says why. */
  | 'EndpointUnreachable'
  /** Something answered, but not this API. */
  | 'UnreadableAnswer';

/** A call that failed: refused by the server, or never answered. */
export class KindredError extends Error {
  override readonly name = 'KindredError';
  /** The API's error code (`InvalidImageId.NotFound`) or a LocalCode. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Names the call in the server's log; empty when there was no answer. */
  readonly requestId: string;

  constructor(
    code: string,
    message: string,
    options: { status?: number; requestId?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 0;
    this.requestId = options.requestId ?? '';
  }
}
