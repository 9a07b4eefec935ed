// The shape of a request as it enters the pipeline: bytes and text only, no port, no domain.

/** One parameter as it came, already percent-decoded. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly from: 'query' | 'body';
}

/** The headers of one request. */
export interface Headers {
  /** The list that they were read from: a copy of a request with other headers is not taken in. */
  readonly raw: readonly string[];
  /** The first value of each header, by lower-case name. */
  readonly first: ReadonlyMap<string, string>;
  /** All values in wire order, of those headers only that came more than once. */
  readonly repeated: ReadonlyMap<string, readonly string[]>;
}

/** A request as bytes: what `http.ts` reads from the socket, or a test builds by hand. */
export interface WireRequest {
  /** Upper-case HTTP method. */
  readonly method: string;
  /** The request target as received: origin form (`/?a=b`) or absolute form. */
  readonly target: string;
  /** The path that a V3 signature covers, as received; default `/`, where the calls go. */
  readonly signedPath?: string;
  /** Header names and values in wire order: name, value, name, value, … */
  readonly rawHeaders: readonly string[];
  /** The body after de-chunking. */
  readonly body: Uint8Array;
  /** Made of the raw ones by `headersOf` when the first stage looks; the others find it here. */
  headers?: Headers;
  /** Address of the peer, for the log, the throttle and policies. */
  readonly remoteAddress?: string;
  /** Whether it came over TLS. */
  readonly isSecure?: boolean;
}

/** A rendered answer. Header names are lower-case. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** Test controls: the connection ends without an answer. */
  readonly isDropped?: true;
}
