import type { Envelope } from './envelope.ts';
import type { Parameters } from './params.ts';
import type { WireRequest } from './request.ts';
import { verifyV1 } from './signature-v1.ts';
import { verifyV3 } from './signature-v3.ts';

/** Whether the request was signed with this secret: true, or throws SignatureDoesNotMatch. */
export function verifySignature(
  request: WireRequest,
  parameters: Parameters,
  envelope: Envelope,
  secret: string,
): true {
  return envelope.scheme === 'v1'
    ? verifyV1(request.method, parameters.list, envelope, secret)
    : verifyV3(request, parameters.list, envelope, secret);
}
