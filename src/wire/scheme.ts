import { headerOf } from './headers.ts';
import type { ParameterMap } from './params.ts';
import type { WireRequest } from './request.ts';

/** How a request is signed: by parameters (v1) or by headers (v3). */
export type Scheme = 'v1' | 'v3';

/**
 * Chooses by what is there. Clients of V1 send `x-acs-action` too, so that header decides only
 * where no system parameter does.
 */
export function schemeOf(request: WireRequest, parameters: ParameterMap): Scheme {
  for (const name of ['authorization', 'x-acs-bearer-token', 'x-acs-zero-trust-idtoken']) {
    if (headerOf(request, name) !== undefined) return 'v3';
  }
  for (const name of ['SignatureVersion', 'Signature', 'BearerToken', 'AccessKeyId', 'Action']) {
    if (parameters.has(name)) return 'v1';
  }
  return headerOf(request, 'x-acs-action') === undefined ? 'v1' : 'v3';
}
