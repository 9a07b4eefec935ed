// One request on to Kindred, byte for byte: signatures cover the host that was called, the headers and the
// body, so nothing is added or changed but what belongs to the one connection.
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline } from 'node:stream';
import { refuse } from './refuse.ts';

/** Of one connection, not of the message (RFC 9110, 7.6.1). Bodies keep their framing. */
const HOP = new Set([
  'connection',
  'proxy-connection',
  'proxy-authorization',
  'keep-alive',
  'te',
  'upgrade',
  // Answered here already.
  'expect',
]);

export interface Onward {
  /** `http://127.0.0.1:41234` */
  origin: URL;
  /** Path and query, or for a proxy the absolute address. */
  target: string;
  /** Shown when nobody answers. */
  host: string;
  /** Further headers, in pairs. */
  more?: readonly string[];
  lookup?: LookupFunction;
}

export const forward = (
  incoming: IncomingMessage,
  response: ServerResponse,
  { origin, target, host, more = [], lookup }: Onward,
): void => {
  const send = origin.protocol === 'https:' ? httpsRequest : httpRequest;
  const onward = send({
    host: origin.hostname.replace(/^\[|\]$/g, ''),
    port: origin.port === '' ? (origin.protocol === 'https:' ? 443 : 80) : Number(origin.port),
    method: incoming.method,
    path: target,
    headers: [...endToEnd(incoming.rawHeaders), ...more],
    // One connection a request: a kept one may be closed by the other side just when it is used.
    agent: false,
    ...(lookup && { lookup }),
  });
  let isAnswered = false;
  onward.once('response', (answer) => {
    isAnswered = true;
    const { statusCode = 502, statusMessage, rawHeaders } = answer;
    response.writeHead(statusCode, statusMessage, endToEnd(rawHeaders));
    pipeline(answer, response, () => undefined);
  });
  onward.on('error', (error: NodeJS.ErrnoException) => {
    // An answer may come before the body was read to its end.
    if (isAnswered || response.destroyed) return;
    refuse(incoming, response, 'Kindred.HostUnreachable', host, error.code ?? error.message);
  });
  response.once('close', () => void onward.destroy());
  // Not `pipeline`: it would end the client's connection before it could read why.
  incoming.pipe(onward);
};

const endToEnd = (rawHeaders: readonly string[]): string[] => {
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (!HOP.has(rawHeaders[at]!.toLowerCase())) kept.push(rawHeaders[at]!, rawHeaders[at + 1]!);
  return kept;
};
