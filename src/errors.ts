// The catalogue of errors: code → default HTTP status and message. It is data; an operation may
// answer a code with another status (the vendor's tables differ per operation) or a fuller message.
// `{P}` stands for the name of the parameter at fault. A message never names another error code:
// some clients search messages for codes. Every code here is raised by some test.

type Row = readonly [status: number, message: string];

const mandatory = (parameter: string): Row => [400, `${parameter} is mandatory for this action.`];
const notValid = (parameter: string): Row => [
  400,
  `Specified parameter ${parameter} is not valid.`,
];

export const catalogue = {
  // The gateway: before any operation is chosen.
  MissingAction: mandatory('Action'),
  MissingVersion: mandatory('Version'),
  MissingAccessKeyId: mandatory('AccessKeyId'),
  MissingSignature: mandatory('Signature'),
  MissingSignatureMethod: mandatory('SignatureMethod'),
  MissingSignatureVersion: mandatory('SignatureVersion'),
  MissingSignatureNonce: mandatory('SignatureNonce'),
  MissingTimestamp: mandatory('Timestamp'),
  MissingSecurityToken: mandatory('SecurityToken'),
  InvalidVersion: notValid('Version'),
  'InvalidParameter.Format': [400, 'Specified parameter format is not valid.'],
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'InvalidAction.NotSupported': [
    404,
    'The API exists but is not served here; the reference page lists the operations that are.',
  ],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidAccessKeyId.Inactive': [400, 'Specified access key is disabled.'],
  'InvalidTimeStamp.Format': [
    400,
    'Specified time stamp or date value is not well formatted.',
  ],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  SignatureDoesNotMatch: [400, 'Specified signature is not matched with our calculation.'],
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  InvalidSignatureMethod: [400, 'Specified signature method is not valid.'],
  'InvalidSecurityToken.Malformed': [400, 'Specified SecurityToken is malformed.'],
  'UnsupportedSignature.BearerToken': [
    400,
    'Bearer tokens are not served here; sign the request with an AccessKey pair.',
  ],
  'UnsupportedSignature.Rsa': [
    400,
    'RSA key pairs are not served here; sign the request with an AccessKey pair.',
  ],
  UnsupportedHTTPMethod: [400, 'This http method is not supported.'],
  'UnsupportedContent.Encoding': [415, 'Compressed request bodies are not supported.'],
  'RequestTooLarge.Body': [413, 'The request body is larger than the limit of 1 MiB.'],
  'RequestTooLarge.Parameters': [400, 'The request has more than 1000 parameters.'],
  'InvalidProtocol.Malformed': [400, 'The HTTP request is malformed: {P}.'],
  'Throttling.User': [400, 'Request was denied due to user flow control.'],
  NoPermission: [403, 'You are not authorized to do this action.'],
  DryRunOperation: [400, 'Request validation has been passed with DryRun flag set.'],
  InternalError: [500, 'The request processing has failed due to some unknown error.'],
  ServiceUnavailable: [
    503,
    'The request has failed due to a temporary failure of the server.',
  ],

  // Parameters, for any operation.
  MissingRegionId: mandatory('RegionId'),
  MissingImageFamily: mandatory('ImageFamily'),
  MissingImageId: mandatory('ImageId'),
  MissingParameter: [
    400,
    'The input parameter "{P}" that is mandatory for processing this request is not supplied.',
  ],
  InvalidParameter: [400, 'The specified parameter "{P}" is not valid.'],
  IdempotentParameterMismatch: [
    400,
    'The ClientToken was used before with other parameters.',
  ],
  'InvalidClientToken.Malformed': [
    400,
    'ClientToken is longer than 64 characters or has a character outside ASCII.',
  ],
  'InvalidRegionId.NotFound': [404, 'The specified RegionId does not exist.'],

  // Images and families.
  'InvalidImageFamily.Malformed': [400, 'The image family name breaks the naming rules.'],
  'InvalidImageId.NotFound': [404, 'The specified ImageId does not exist.'],
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof catalogue;

export interface ErrorOptions {
  /** Replaces the catalogue's status for this operation. */
  status?: number;
  /** Replaces the catalogue's message. */
  message?: string;
  /** Fills `{P}` in the message. */
  parameter?: string;
  /** Further members of the error body (for example `AccessDeniedDetail`); strings and objects. */
  detail?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/** An expected failure: it is answered in the API's own shape. Anything else thrown is a bug. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    const [status, message] = catalogue[code];
    const text = (options.message ?? message).replace('{P}', () => options.parameter ?? 'request');
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? status;
    this.detail = options.detail;
  }
}

/** Tells whether a text is a code of the catalogue (schemas carry codes as plain text). */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(catalogue, code);
