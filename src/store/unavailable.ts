/** The store cannot take this write (or any). The message is for the operator's log. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** True when no write will be taken until the process is started again. */
  readonly isFinal: boolean;

  constructor(message: string, options: { isFinal: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.isFinal = options.isFinal;
  }
}
