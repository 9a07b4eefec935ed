// Who may use the controls. They undo everything, so that only two kinds of callers are let in: a program on
// this machine, and whoever has the token. A page in a browser is neither, even when it runs here: it sends
// its Origin, or a Host that is not a name of the loopback.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** Undefined when the caller is let in; else one sentence that says what is missing. */
export const refusalOf = (
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  token: string | undefined,
): string | undefined => {
  if (headers.origin !== undefined || isCrossSite(headers['sec-fetch-site']))
    return 'the test controls are not open to web pages';
  const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (given !== undefined && token !== undefined && isSame(given, token)) return undefined;
  if (given === undefined && isLocal(socket.remoteAddress) && LOCAL_HOST.test(headers.host ?? ''))
    return undefined;
  if (token === undefined)
    return 'the test controls are open on the loopback only; start the server with --test-controls-token to open them elsewhere';
  return 'send the token of --test-controls-token as Authorization: Bearer TOKEN';
};

const isCrossSite = (site: string | string[] | undefined): boolean =>
  site !== undefined && site !== 'none' && site !== 'same-origin';

const isLocal = (address = ''): boolean => {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? 'ipv6' : 'ipv4');
};

/** In constant time, whatever the lengths are. */
const isSame = (given: string, token: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
};
