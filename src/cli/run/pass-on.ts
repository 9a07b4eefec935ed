// What is not the cloud's is passed on as it comes, through the proxy that the user's own environment names,
// if it names one. Nothing here looks into it.
import { lookup as dnsLookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Environment } from '../../client/settings.ts';
import { authorityText, isLoopback, isMetadata, type Authority } from './cloud-host.ts';
import { forward } from './forward.ts';
import { isNamed } from './no-proxy.ts';

export interface PassOn {
  /** A tunnel; `head` are bytes that came already. */
  tunnel(to: Authority, client: Duplex, head: Buffer): void;
  plain(to: Authority, target: string, incoming: IncomingMessage, response: ServerResponse): void;
}

const CONNECT_TIMEOUT_MS = 30_000;
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';

export const makePassOn = (environment: Environment): PassOn => {
  const proxyOf = ({ host }: Authority, scheme: 'http' | 'https'): URL | undefined => {
    const read = (name: string) => environment[name] || environment[name.toUpperCase()];
    const given = read(`${scheme}_proxy`) ?? read('all_proxy');
    if (!given || isLoopback(host) || isNamed(read('no_proxy'), host)) return undefined;
    const text = given.includes('://') ? given : `http://${given}`;
    return URL.canParse(text) ? new URL(text) : undefined;
  };
  return {
    tunnel(to, client, head) {
      const proxy = proxyOf(to, 'https');
      const join = (far: Socket, early?: Buffer): void => {
        client.write(ESTABLISHED);
        if (early !== undefined && early.length > 0) client.write(early);
        if (head.length > 0) far.write(head);
        pipeBoth(client, far);
      };
      const fail = (why: string): void =>
        void client.end(
          `HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\n${authorityText(to)} cannot be reached: ${why}\n`,
        );
      if (proxy !== undefined) return throughProxy(proxy, to, join, fail);
      const far = connect({ host: to.host, port: to.port, lookup, timeout: CONNECT_TIMEOUT_MS });
      far.once('connect', () => {
        far.setTimeout(0).off('error', gone);
        join(far);
      });
      const gone = (error: NodeJS.ErrnoException): void => fail(error.code ?? error.message);
      far.once('error', gone);
      far.once('timeout', () => far.destroy(new Error('no answer')));
    },
    plain(to, target, incoming, response) {
      const proxy = proxyOf(to, 'http');
      const origin = proxy ?? new URL(`http://${authorityText(to)}`);
      forward(incoming, response, {
        origin,
        host: to.host,
        target: proxy ? `http://${authorityText(to)}${target}` : target,
        lookup,
        ...(proxy && { more: authorization(proxy) }),
      });
    },
  };
};

/** A name that somebody pointed at the metadata address is refused like the address. */
const lookup: LookupFunction = (hostname, options, callback) =>
  dnsLookup(hostname, options, (error, address, family) => {
    const found = Array.isArray(address) ? address.map((one) => one.address) : [address];
    const refusal = found.some(isMetadata) ? new Error('it is the metadata address') : error;
    callback(refusal, address, family);
  });

const authorization = ({ username, password }: URL): string[] => {
  if (username === '' && password === '') return [];
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return ['Proxy-Authorization', `Basic ${Buffer.from(pair).toString('base64')}`];
};

const throughProxy = (
  proxy: URL,
  to: Authority,
  join: (far: Socket, early: Buffer) => void,
  fail: (why: string) => void,
): void => {
  if (proxy.protocol !== 'http:')
    return fail(`kindred run passes on through http:// proxies, not ${proxy.protocol}//`);
  const asking = httpRequest({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port === '' ? 80 : Number(proxy.port),
    method: 'CONNECT',
    path: authorityText(to),
    headers: ['Host', authorityText(to), ...authorization(proxy)],
    agent: false,
    timeout: CONNECT_TIMEOUT_MS,
  });
  asking.once('connect', (answer, far, early) => {
    if (answer.statusCode === 200) return join(far, early);
    far.destroy();
    fail(`the proxy ${proxy.host} answered ${answer.statusCode}`);
  });
  asking.once('response', (answer) => {
    answer.resume();
    fail(`the proxy ${proxy.host} answered ${answer.statusCode}`);
  });
  asking.once('timeout', () => asking.destroy(new Error('no answer')));
  asking.once('error', (error: NodeJS.ErrnoException) =>
    fail(`the proxy ${proxy.host}: ${error.code ?? error.message}`),
  );
  asking.end();
};

/** Half-closed ends stay so; a broken one ends both. */
const pipeBoth = (client: Duplex, far: Socket): void => {
  client.pipe(far);
  far.pipe(client);
  const end = (): void => {
    client.destroy();
    far.destroy();
  };
  client.once('error', end);
  far.once('error', end);
  client.once('close', () => far.destroy());
  far.once('close', () => client.destroy());
};
