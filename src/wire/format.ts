import { ApiError } from '../errors.ts';
import { headerOf } from './headers.ts';
import type { ParameterMap, Parameters } from './params.ts';
import type { WireRequest } from './request.ts';
import { schemeOf, type Scheme } from './scheme.ts';

export type Format = 'JSON' | 'XML';

/**
 * The format that the caller wants: the parameter `Format` in any case; without it XML for V1, and
 * for V3 JSON unless `accept` asks for XML. `None` is what one Python client sends for JSON.
 */
export function negotiateFormat(parameters: ParameterMap, scheme: Scheme, accept = ''): Format {
  switch (parameters.get('Format')?.toLowerCase() ?? '') {
    case 'json':
    case 'none':
      return 'JSON';
    case 'xml':
      return 'XML';
    case '':
      return scheme === 'v1' || /^\s*(application|text)\/xml\b/i.test(accept) ? 'XML' : 'JSON';
    default:
      throw new ApiError('InvalidParameter.Format');
  }
}

/**
 * The format for the answer to a request that may be wrong in any way; never throws. Without
 * `parameters` (they could not be parsed) the query is searched for a plain `Format`.
 */
export function formatOf(request: WireRequest, parameters?: Parameters): Format {
  const known = parameters?.system ?? glimpse(request);
  try {
    return negotiateFormat(known, schemeOf(request, known), headerOf(request, 'accept'));
  } catch {
    return 'JSON';
  }
}

function glimpse({ target, body }: WireRequest): ParameterMap {
  const plain = /[?&]Format=([A-Za-z]{1,8})(?=&|$)/;
  // A form body that holds the system parameters starts within this many bytes of them.
  const form = `&${Buffer.from(body.subarray(0, 4096)).toString('latin1')}`;
  const found = plain.exec(target) ?? plain.exec(form);
  return new Map(found?.[1] === undefined ? [] : [['Format', found[1]]]);
}
