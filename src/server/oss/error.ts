// The errors of the object door: code → status and sentence. Codes are OSS's, and never meet those of
// the RPC door.
import { renderXml } from '../../wire/render-xml.ts';

const ERRORS = {
  AccessDenied: [403, 'The bucket you access does not belong to you.'],
  BadDigest: [400, 'The Content-MD5 you specified does not match what was received.'],
  BucketAlreadyExists: [409, 'The requested bucket name is not available.'],
  BucketNotEmpty: [409, 'The bucket has objects or unfinished uploads. Please delete them first.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed size.'],
  EntityTooSmall: [400, 'A part before the last is smaller than 100 KB.'],
  FileAlreadyExists: [409, 'The object you specified already exists and may not be overwritten.'],
  IncompleteBody: [400, 'The body ended before the bytes that were announced.'],
  InternalError: [500, 'The request failed; look up its RequestId in the log.'],
  InvalidAccessKeyId: [403, 'The OSS Access Key Id you provided does not exist in our records.'],
  InvalidArgument: [400, 'An argument is not valid.'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 you specified is not valid.'],
  InvalidObjectName: [400, 'No file of this installation can have this object name.'],
  InvalidPart: [400, 'One or more of the specified parts could not be found.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidSecurityToken: [403, 'The security token is missing, malformed, or of another key.'],
  InvalidRange: [416, 'The requested range cannot be satisfied.'],
  InsufficientStorage: [507, 'There is not enough free space to store the object.'],
  MalformedXML: [400, 'The XML you provided was not well-formed or is larger than is read here.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified upload does not exist, was completed or aborted.'],
  NotImplemented: [501, 'Kindred does not serve this.'],
  NotModified: [304, 'Not modified.'],
  PreconditionFailed: [412, 'At least one of the preconditions you specified did not hold.'],
  QpsLimitExceeded: [503, 'Too many requests of this address were not authentic.'],
  RequestTimeTooSkewed: [403, 'The difference between request time and server time is too large.'],
  SecurityTokenExpired: [403, 'The security token has expired, or its role is gone.'],
  ServiceUnavailable: [503, 'Writes have stopped; look at the log of the server.'],
  SignatureDoesNotMatch: [403, 'The signature we calculated does not match the one you provided.'],
} as const satisfies Record<string, readonly [number, string]>;

export type OssErrorCode = keyof typeof ERRORS;

/** Further elements of the answer. */
type Details = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export class OssError extends Error {
  override readonly name = 'OssError';
  readonly code: OssErrorCode;
  readonly status: number;
  readonly details: Details;
  constructor(code: OssErrorCode, message?: string, details: Details = {}) {
    super(message ?? ERRORS[code][1]);
    this.code = code;
    this.status = ERRORS[code][0];
    this.details = details;
  }
}

export const renderOssError = (error: OssError, requestId: string, hostId: string): string =>
  renderXml('Error', {
    Code: error.code,
    Message: error.message,
    RequestId: requestId,
    HostId: hostId,
    ...error.details,
  });
