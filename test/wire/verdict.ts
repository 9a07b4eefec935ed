// What the server's wire room says about a request: accepted, or the code that refuses it.
import { ApiError, type ErrorCode } from '../../src/errors.ts';
import { parseEnvelope } from '../../src/wire/envelope.ts';
import { parseParameters } from '../../src/wire/params.ts';
import type { WireRequest } from '../../src/wire/request.ts';
import { verifySignature } from '../../src/wire/signature.ts';

/** Runs the three steps that every request passes; throws what they throw. */
export const admit = (request: WireRequest, secret: string) => {
  const parameters = parseParameters(request);
  const envelope = parseEnvelope(request, parameters);
  verifySignature(request, parameters, envelope, secret);
  return { parameters, envelope };
};

/** The code that refuses the request, or `accepted`. Anything but an ApiError is thrown on. */
export const verdict = (request: WireRequest, secret: string): ErrorCode | 'accepted' => {
  const { stackTraceLimit } = Error;
  // Stack traces are a third of the time of a hundred thousand refusals.
  Error.stackTraceLimit = 0;
  try {
    admit(request, secret);
    return 'accepted';
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw new Error(`not an ApiError: ${request.method} ${request.target}`, { cause: error });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

const refusals =
  /^(Missing\w+|Signature\w+|IncompleteSignature|InvalidSignatureMethod|InvalidVersion|UnsupportedHTTPMethod|(InvalidParameter|InvalidTimeStamp|InvalidProtocol|InvalidAction|InvalidSecurityToken|UnsupportedSignature)(\.\w+)?)$/;

/** Tells whether a verdict is a refusal by a code of the signature or parameter family. */
export const isWireRefusal = (code: string): boolean => refusals.test(code);
