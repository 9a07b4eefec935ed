// The answers of the proxy itself, in the shape of the vendor's APIs, so that a client tells its user which
// host was called and why nothing came of it. 403: clients neither try it again, as they would a 5xx, nor
// take the thing for missing, as they would at 404.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export type RefusalCode =
  | 'Kindred.HostNotServed'
  | 'Kindred.Offline'
  | 'Kindred.HostUnreachable'
  | 'Kindred.NoProxyRequest';

const STATUS: Readonly<Record<RefusalCode, number>> = {
  'Kindred.HostNotServed': 403,
  'Kindred.Offline': 403,
  'Kindred.HostUnreachable': 502,
  'Kindred.NoProxyRequest': 400,
};

export const refusalMessage = (code: RefusalCode, host: string, why = ''): string => {
  if (code === 'Kindred.HostNotServed')
    return `Kindred does not serve ${host}, and kindred run lets no call out to Alibaba Cloud.`;
  if (code === 'Kindred.Offline')
    return `kindred run --offline lets no call out, and this one was to ${host}.`;
  if (code === 'Kindred.NoProxyRequest')
    return 'This is the proxy of kindred run: it takes CONNECT and requests with an absolute address.';
  return `${host} cannot be reached: ${why}.`;
};

/** Lets the rest of the request go, so that the answer is read. */
export const refuse = (
  request: IncomingMessage,
  response: ServerResponse,
  code: RefusalCode,
  host: string,
  why?: string,
): void => {
  if (response.headersSent) return void response.destroy();
  const requestId = randomUUID().toUpperCase();
  const facts = {
    RequestId: requestId,
    HostId: host,
    Code: code,
    Message: refusalMessage(code, host, why),
    Recommend: '',
  };
  const isXml = wantsXml(request);
  const body = isXml ? xml(facts) : JSON.stringify(facts);
  response.writeHead(STATUS[code], {
    'content-type': isXml ? 'text/xml;charset=utf-8' : 'application/json;charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-acs-request-id': requestId,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  request.resume();
};

const wantsXml = ({ url = '', headers }: IncomingMessage): boolean => {
  const format = /[?&]format=(\w+)/i.exec(url)?.[1]?.toLowerCase();
  return format === 'xml' || (format === undefined && /\bxml\b/.test(headers.accept ?? ''));
};

const xml = (facts: Readonly<Record<string, string>>): string => {
  const escape = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const members = Object.entries(facts).map(([name, text]) => `<${name}>${escape(text)}</${name}>`);
  return `<?xml version="1.0" encoding="UTF-8"?><Error>${members.join('')}</Error>`;
};
