// Every answer of the API leaves through here. An error carries what the catalogue says and what
// the caller sent, never anything of the inside. Clients panic on an error member that is not a
// string, and parse XML only under the exact content type: both are fixed here and nowhere else.
import type { ApiError } from '../errors.ts';
import type { Format } from './format.ts';
import { renderJson, renderJsonSuccess } from './render-json.ts';
import { renderXml } from './render-xml.ts';
import type { WireResponse } from './request.ts';

export interface Success {
  readonly action: string;
  readonly requestId: string;
  readonly format: Format;
  readonly output: object;
  /** Added to those of every answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Failure {
  readonly error: ApiError;
  readonly requestId: string;
  /** The Host that the client called. */
  readonly hostId: string;
  readonly format: Format;
  /** The product's name in the Recommend link, for example `Ecs`. */
  readonly product: string;
}

const contentTypes: Record<Format, string> = {
  JSON: 'application/json;charset=utf-8',
  XML: 'text/xml;charset=utf-8',
};

const maxHostLength = 255;

export function renderSuccess({
  action,
  requestId,
  format,
  output,
  headers: more,
}: Success): WireResponse {
  const body =
    format === 'JSON'
      ? renderJsonSuccess(requestId, output)
      : renderXml(`${action}Response`, { RequestId: requestId, ...output });
  const own = headers(format, requestId);
  return { status: 200, headers: more === undefined ? own : { ...own, ...more }, body };
}

export function renderError(failure: Failure): WireResponse {
  const { error, requestId, format } = failure;
  const own = {
    RequestId: requestId,
    HostId: failure.hostId.slice(0, maxHostLength).replace(/[^\x20-\x7e]/g, '?'),
    Code: error.code,
    Message: error.message,
    Recommend: recommend(error.code, failure.product, requestId),
  };
  // The first `own` gives the order, the second the last word: a detail never replaces a member.
  const members = { ...own, ...error.detail, ...own };
  const body = format === 'JSON' ? renderJson(members) : renderXml('Error', members);
  const known = headers(format, requestId);
  return {
    status: error.status,
    headers:
      error.retryAfterMs === undefined
        ? known
        : { ...known, 'x-acs-retry-after': String(error.retryAfterMs) },
    body,
  };
}

function recommend(code: string, product: string, requestId: string): string {
  const [q, p, id] = [code, product, requestId].map(encodeURIComponent);
  return `https://api.aliyun.com/troubleshoot?q=${q}&product=${p}&requestId=${id}`;
}

const headers = (format: Format, requestId: string): Record<string, string> => ({
  'content-type': contentTypes[format],
  'x-acs-request-id': requestId,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
});
