// The shape of a request as it enters the pipeline: bytes and text only, no port, no domain.

/** One parameter as it came, already percent-decoded. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly from: 'query' | 'body';
}

/** A request as bytes: what `http.ts` reads from the socket, or a test builds by hand. */
export interface WireRequest {
  /** Upper-case HTTP method. */
  readonly method: string;
  /** The request target as received: origin form (`/?a=b`) or absolute form. */
  readonly target: string;
  /** Header names and values in wire order: name, value, name, value, … */
  readonly rawHeaders: readonly string[];
  /** The body after de-chunking. */
  readonly body: Uint8Array;
  /** Address of the peer, for the log and the throttle. */
  readonly remoteAddress?: string;
}

/** A rendered answer. Header names are lower-case. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}
