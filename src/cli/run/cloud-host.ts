// Whose a host is, for the proxy of `kindred run`: Kindred stands in for it, it is Alibaba Cloud's and nobody
// stands in for it, or it is somebody else's. Pure. A name is judged in the one spelling that is connected to
// afterwards, so that no second spelling of a cloud host (`RDS.aliyuncs.com.`, 1684301000) slips by.
// Source of the forms: the endpoint tables of the vendor's SDKs and CLI.
import { isIP } from 'node:net';
import { operations } from '../../client/data.ts';

export type HostKind = 'served' | 'refused' | 'other';

export interface Authority {
  /** Lower case, without brackets and without a dot at the end. */
  host: string;
  port: number;
}

/** Below these lies what is the vendor's; the CA of a run may sign for nothing else. */
export const CLOUD_DOMAINS = ['aliyuncs.com', 'aliyun.com', 'alibabacloud.com'] as const;
/** Where an instance of the cloud asks for its role's keys. */
export const METADATA_ADDRESS = '100.100.100.200';
const METADATA = new Set([METADATA_ADDRESS, '::ffff:6464:64c8']);

const PRODUCTS = [...new Set(Object.values(operations).map(({ product }) => product))].toSorted();

/** What Kindred stands in for, in words. */
export const SERVED_WORDS = `${PRODUCTS.join(', ')} and the buckets of oss`;

/**
 * `ecs.`, `ecs.cn-beijing.`, `ecs-cn-hangzhou.`, `ecs-vpc.cn-beijing.`, `location-readonly.`: a product, the
 * network or the region that it is called in, a region; but not `ecs-workbench.`, another product.
 */
const API = new RegExp(
  String.raw`^(?:${PRODUCTS.join('|')})(?:-(?:vpc|inner|internal|readonly|intl|openapi-share))?(?:-[a-z]{2,3}-[a-z0-9-]+)?(?:\.[a-z0-9-]+)?\.aliyuncs\.com$`,
);
/** `oss-cn-hangzhou.`, `oss-accelerate.`, and a bucket before it. */
const OBJECTS = /^(?:[a-z0-9][a-z0-9-]{1,61}[a-z0-9]\.)?oss(?:-[a-z0-9-]+)?\.aliyuncs\.com$/;

export const hostKind = (host: string): HostKind => {
  if (METADATA.has(host)) return 'refused';
  if (!CLOUD_DOMAINS.some((domain) => isBelow(host, domain))) return 'other';
  return API.test(host) || OBJECTS.test(host) ? 'served' : 'refused';
};

export const isMetadata = (address: string | undefined): boolean =>
  address !== undefined && METADATA.has(address.replace(/^::ffff:(?=\d+\.)/, ''));

export const isLoopback = (host: string): boolean =>
  isBelow(host, 'localhost') || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

export const isBelow = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`);

/** `host:port` of a CONNECT, or of an absolute target, as it will be connected to. */
export const parseAuthority = (text: string, defaultPort: number): Authority | undefined => {
  // Only host and port: no user, no path.
  if (!/^[^/?#@\s]+$/.test(text) || !URL.canParse(`http://${text}`)) return undefined;
  const port = /:(\d{1,5})$/.exec(text)?.[1];
  const host = new URL(`http://${text}`).hostname.replace(/^\[|\]$|\.$/g, '');
  if (host === '') return undefined;
  return { host, port: port === undefined ? defaultPort : Number(port) };
};

/** As it stands in a URL. */
export const authorityText = ({ host, port }: Authority): string =>
  `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
